/** Times of the API (RFC 3339, UTC) in the reader's language and time zone. */
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function formatDateTime(iso: string, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(iso));
}

export function formatDate(iso: string, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(new Date(iso));
}

/** A calendar day such as "2026-11-22", which belongs to no time zone. */
export function formatDay(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

export function formatDayShort(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: 'numeric', day: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** "3 hours ago", "in 2 days", "3小时前". */
export function formatAgo(iso: string, locale: string, now: number): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const size = Math.abs(seconds);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (size < 45) return relative.format(0, 'second');
  if (size < HOUR) return relative.format(Math.round(seconds / MINUTE), 'minute');
  if (size < DAY) return relative.format(Math.round(seconds / HOUR), 'hour');
  if (size < 30 * DAY) return relative.format(Math.round(seconds / DAY), 'day');
  if (size < 365 * DAY) return relative.format(Math.round(seconds / (30 * DAY)), 'month');
  return relative.format(Math.round(seconds / (365 * DAY)), 'year');
}

/** A length of time for a clock: "3:07", "1:02:05". */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor((whole % HOUR) / MINUTE), whole % MINUTE].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(whole / HOUR);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
}

/** The delay between two moments in a readable unit: "240 ms", "3.2 s", "5 min". */
export function formatLag(milliseconds: number, locale: string): string {
  const unit = (value: number, name: string, digits: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, maximumFractionDigits: digits }).format(value);
  if (milliseconds < 1000) return unit(Math.max(0, milliseconds), 'millisecond', 0);
  if (milliseconds < 60_000) return unit(milliseconds / 1000, 'second', 1);
  if (milliseconds < 3_600_000) return unit(milliseconds / 60_000, 'minute', 0);
  return unit(milliseconds / 3_600_000, 'hour', 0);
}
