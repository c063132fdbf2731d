/** Rejects a task of an execution that has ended: neither retried nor caught. */
export class Stopped extends Error {
  readonly isRetryable = false;
  readonly isCatchable = false;
}

/** A payload above the limit: States.ALL does not match it, only its own name does. */
export class DataLimitExceeded extends Error {
  override name = 'States.DataLimitExceeded';
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;
  constructor(message: string, state: Matchers) {
    super(message);
    this.isRetryable = names(state.Retry);
    this.isCatchable = names(state.Catch);
  }
}
type Matcher = { ErrorEquals: string[] };
export type Matchers = { Retry?: Matcher[]; Catch?: Matcher[] };
const names = (matchers: Matcher[] = []) =>
  matchers.some(matcher => matcher.ErrorEquals.includes('States.DataLimitExceeded'));

/** The error and cause of a payload above the limit. */
export function tooLarge(what: string, kind: 'input' | 'output'): { error: string; cause: string } {
  const verb = kind === 'input' ? 'has an input' : 'returned a result';
  return {
    error: 'States.DataLimitExceeded',
    cause: `The ${what} ${verb} with a size exceeding the maximum number of bytes service limit.`,
  };
}

/** An error of the interpreter itself. */
export function interpreterError(error: unknown): { error: string; cause: string } {
  return { error: 'States.Runtime', cause: error instanceof Error ? error.message : String(error) };
}
