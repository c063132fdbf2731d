import { ServiceError } from '../contract.ts';

/** First and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * One range of a Range header, of an object of `size` bytes: `bytes=0-9`, `bytes=10-` or `bytes=-5` (RFC 9110, section
 * 14.1.2). Undefined without header. Throws InvalidRange (416) when no byte lies in it, NotImplemented for several.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) {
    throw new ServiceError(
      'NotImplemented',
      `the range ${header} is not implemented by the embedded S3`,
      501,
    );
  }
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { start, end };
}
