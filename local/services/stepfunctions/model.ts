import { ServiceError } from '../../contract.ts';

/** White space, brackets, wildcards, special and control characters. */
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\uFFFE\uFFFF]/u;

/**
 * Checks an execution's name against AWS's rules: 1 to 80 characters, none of the forbidden ones.
 * @throws ServiceError InvalidName
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function checkExecutionName(name: string): void {
  if (name.length < 1 || name.length > 80 || forbidden.test(name)) {
    throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  }
}

/**
 * Quotas that end an execution on AWS.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */

/** Largest input or output of a task, state or execution, in bytes of UTF-8. */
export const payloadLimit = 262_144;

/** Most events in the history of one execution. */
export const historyLimit = 25_000;

export function exceedsPayloadLimit(text: string): boolean {
  // A UTF-16 unit is at most three bytes: most texts are decided without counting.
  return text.length * 3 > payloadLimit && Buffer.byteLength(text) > payloadLimit;
}

/** One page: `items` from the position `nextToken` names (else the beginning), at most `maxResults` of them (0: `standard`). */
export function page<T>(
  items: T[],
  { maxResults, nextToken }: { maxResults?: number | undefined; nextToken?: string | undefined },
  standard: number,
): { items: T[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : position(nextToken);
  const end = start + (maxResults || standard);
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: tokenAt(end) }) };
}

export function tokenAt(position: number): string {
  return Buffer.from(`at ${position}`).toString('base64url');
}

export function position(token: string): number {
  const [, digits] = /^at (\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8')) ?? [];
  if (digits === undefined) throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`);
  return Number(digits);
}

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
