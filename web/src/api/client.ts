/** One typed client per service. Cookies carry the session; the page never holds a token. */
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths as CustomerPaths } from './generated/customer';
import type { paths as MarketingPaths } from './generated/marketing';
import type { paths as ReportingPaths } from './generated/reporting';
import type { paths as SalesPaths } from './generated/sales';
import type { paths as ServiceDeskPaths } from './generated/service-desk';
import type { paths as TelephonyPaths } from './generated/telephony';
import { ApiProblem } from './problem';
import { sessionEnded } from './session';

const TIMEOUT_MS = 20_000;

async function refuseProblems(response: Response): Promise<void> {
  if (response.ok) return;
  if (response.status === 401) sessionEnded();
  const body = await response
    .clone()
    .json()
    .catch(() => ({}));
  throw new ApiProblem(response.status, body);
}

const problems: Middleware = { onResponse: ({ response }) => refuseProblems(response) };

function client<Paths extends object>(service: string) {
  const made = createClient<Paths>({
    baseUrl: `/api/${service}`,
    headers: { Accept: 'application/json, application/problem+json' },
    fetch: (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) }),
  });
  made.use(problems);
  return made;
}

export const customer = client<CustomerPaths>('customer');
export const marketing = client<MarketingPaths>('marketing');
export const reporting = client<ReportingPaths>('reporting');
export const sales = client<SalesPaths>('sales');
export const serviceDesk = client<ServiceDeskPaths>('service-desk');
export const telephony = client<TelephonyPaths>('telephony');

/** For what every service answers and no service's own contract describes. */
export async function readJson<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  await refuseProblems(response);
  return response.json();
}

type Answer<T> = Promise<{ data?: T; response: Response }>;

/** The body of a successful answer. */
export async function body<T>(answer: Answer<T>): Promise<T> {
  return (await answer).data as T;
}

/** If-Match for the version that this page shows; the ETag of every resource is its version in quotes. */
export function ifMatch(version: number) {
  return { 'If-Match': `"${version}"` };
}

/** Headers of a POST that may be sent twice and must happen once. */
export function once(key: string) {
  return { 'Idempotency-Key': key };
}
