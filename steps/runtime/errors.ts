/**
 * Errors the state machine knows by name. A permanent one (a class of its own name) goes to quarantine; `TransientError`
 * may pass by itself and is retried.
 */
export class AuditError extends Error {
  override name: string;
  constructor(name: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = name;
  }
}

export class TransientError extends Error {
  override name = 'TransientError';
}

/** A try that died keeps its lock until its function's timeout has passed: the next try can only wait. */
export class StillInProgressError extends Error {
  override name = 'StillInProgress';
}

// What AWS services answer when they are busy, and what a broken connection looks like to the SDK.
const passing =
  /Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded|SlowDown|ServiceUnavailable|InternalError|InternalServer|InternalFailure|Timeout|ECONN|EPIPE|EAI_AGAIN|TransactionConflict|TransactionInProgress|LimitExceededException|KMSThrottling|IdempotencyAlreadyInProgress|socket hang up/;

/** Is this an error of a service or the network that may be gone at the next try? */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  const code = (error as { code?: string }).code ?? '';
  return (
    status >= 500 || status === 429 || passing.test(`${error.name} ${code} ${status ? '' : error.message}`)
  );
}

/** The error as the state machine should see it: TransientError if a retry may succeed, otherwise unchanged. */
export function forStateMachine(thrown: unknown): unknown {
  const error = rootOf(thrown);
  if (error instanceof AuditError || error instanceof TransientError || !mayPass(error)) return error;
  const { name, message } = error as Error;
  if (name === 'IdempotencyAlreadyInProgressError')
    return new StillInProgressError(message, { cause: error });
  return new TransientError(`${name}: ${message}`, { cause: error });
}

// The idempotency layer wraps the table's error in its own.
function rootOf(error: unknown): unknown {
  const wrapped = error instanceof Error && error.name === 'IdempotencyPersistenceLayerError';
  return wrapped && error.cause ? error.cause : error;
}

/** An error as a refusal shows it: its stable name and its sentence. */
export function reasonOf(error: unknown): { error: string; message: string } {
  if (error instanceof Error) return { error: error.name, message: error.message };
  return { error: 'Error', message: String(error) };
}
