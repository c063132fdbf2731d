import { hash } from 'node:crypto';

/** SHA-256 (hex) of a record's bytes as they were delivered. */
export function digestOf(record: Uint8Array | string): string {
  return hash('sha256', record, 'hex');
}
