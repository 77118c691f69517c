/** What happens when the gateway no longer knows us: log in again, but never throw away what somebody is typing. */
type Listener = () => void;

const unsaved = new Set<string>();
const listeners = new Set<Listener>();
let ended = false;

const RELOADED_AT = 'crm.reloaded-at';
const RELOAD_LOOP_MS = 15_000;
const LEAVING_MS = 10_000;
let leavingAt = 0;

export function setUnsaved(form: string, dirty: boolean): void {
  if (dirty) unsaved.add(form);
  else unsaved.delete(form);
}

export function sessionHasEnded(): boolean {
  return ended;
}

export function onSessionChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function sessionContinues(): void {
  ended = false;
  listeners.forEach((listener) => listener());
}

/** Called for every 401. A page load starts the login at the gateway. */
export function sessionEnded(): void {
  // A page that somebody is leaving must not load itself again: that would cancel a sign-out half way.
  if (Date.now() - leavingAt < LEAVING_MS) return;
  const reloadedAt = Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
  const loops = Date.now() - reloadedAt < RELOAD_LOOP_MS;
  if (unsaved.size === 0 && !loops) {
    reload();
    return;
  }
  if (ended) return;
  ended = true;
  listeners.forEach((listener) => listener());
}

export function reload(): void {
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  unsaved.clear();
  window.location.reload();
}

window.addEventListener('beforeunload', (event) => {
  leavingAt = Date.now();
  if (unsaved.size > 0) event.preventDefault();
});
