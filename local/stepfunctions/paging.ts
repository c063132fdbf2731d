import { ServiceError } from '../contract.ts';

/** One page: `items` from the position `nextToken` names (else the beginning), at most `maxResults` of them. */
export function page<T>(
  items: T[],
  input: { maxResults?: unknown; nextToken?: unknown },
  standard: number,
): { items: T[]; nextToken?: string } {
  const size = number(input.maxResults ?? 0, 'maxResults') || standard;
  if (size < 0 || size > 1000) {
    throw new ServiceError(
      'ValidationException',
      `Value '${size}' at 'maxResults' failed to satisfy constraint: Member must be between 0 and 1000`,
    );
  }
  const start = input.nextToken === undefined ? 0 : position(input.nextToken);
  const end = start + size;
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: tokenAt(end) }) };
}

export function tokenAt(position: number): string {
  return Buffer.from(`at ${position}`).toString('base64url');
}

export function position(token: unknown): number {
  const [, digits] = /^at (\d+)$/.exec(Buffer.from(String(token), 'base64url').toString('utf8')) ?? [];
  if (digits === undefined) throw new ServiceError('InvalidToken', `Invalid Token: '${String(token)}'`);
  return Number(digits);
}

function number(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new ServiceError('ValidationException', `'${name}' is no whole number`);
  }
  return value;
}
