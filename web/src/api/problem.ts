/** An answer of the API that is not a success, as RFC 9457 problem details. */
export interface FieldError {
  field: string;
  rule: string;
  message: string;
}

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly errors: FieldError[];

  constructor(status: number, body: Partial<{ title: string; detail: string; code: string; request_id: string; errors: FieldError[] }>) {
    super(body.detail ?? body.title ?? '');
    this.status = status;
    this.code = body.code ?? 'unknown';
    this.requestId = body.request_id ?? null;
    this.errors = body.errors ?? [];
  }
}

/** Someone else saved this record after we read it. */
export function isStale(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412;
}

/** Status 0 stands for "no answer at all". */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, { code: 'unreachable' });
}
