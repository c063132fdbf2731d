import { createHash } from 'node:crypto';

/** A UUID that depends on nothing but the name, so that a rebuild gives the same ids: CloudTrail's event and request ids. */
export function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** `length` upper case letters and digits that depend on nothing but the name: S3's request ids. */
export function code(name: string, length: number): string {
  const hex = createHash('sha256').update(`code ${name}`).digest('hex');
  return BigInt(`0x${hex}`).toString(36).toUpperCase().slice(0, length);
}

/** `length` letters and digits that depend on nothing but the name: the unique end of a log file's name. */
export function mixedCode(name: string, length: number): string {
  const text = createHash('sha256').update(`mixed ${name}`).digest('base64');
  return text.replace(/[^A-Za-z0-9]/g, '').slice(0, length);
}
