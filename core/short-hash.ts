import { hash } from 'node:crypto';

/** 16 hex digits of the SHA-256 of a value's JSON: names things, proves nothing. */
export function shortHash(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'hex').slice(0, 16);
}
