import { isObject } from '../records/read.ts';
import { Elements } from './elements.ts';
import { type Inflate, recordsIn } from './unwrap.ts';

/**
 * What a file holds, told by its first bytes: `log` has `Records`, as CloudTrail writes them; `records` holds CloudTrail records in
 * another wrapping; `json` any other JSON; the rest no records of CloudTrail.
 */
export type Content =
  | 'log'
  | 'records'
  | 'json'
  | 'config'
  | 'flow-logs'
  | 'csv'
  | 'archive'
  | 'empty'
  | 'other';

/** Elements of a file that are looked into. */
const mostLookedInto = 20;

/** `text`: the beginning of a file, unpacked; `inflate`: see {@link recordsIn}. */
export function contentOf(text: string, inflate: Inflate): Content {
  const begin = text.replace(/^\ufeff/, '').trimStart();
  if (begin === '') return 'empty';
  if (/^\S{4,40}Z \s*[{[]/.test(begin) || begin.startsWith('{') || begin.startsWith('['))
    return jsonContent(begin, inflate);
  const line = begin.slice(0, 2000).split('\n', 1)[0] ?? '';
  // VPC guide, flow log records: a header of field names, or the default fields, version first.
  if (/^version account-id /.test(line) || /^\d+ (?:\d{12}|unknown) eni-/.test(line)) return 'flow-logs';
  if (isTar(text)) return 'archive';
  if (/^"?[\w @.-]+"?(?:,"?[\w @.-]*"?){2,}\r?$/.test(line)) return 'csv';
  return 'other';
}

/** POSIX, ustar: the magic stands 257 bytes into the first header. */
function isTar(text: string): boolean {
  return text.slice(257, 262) === 'ustar';
}

/** By the first bytes of a file as it lies there: packings that are not opened. */
export function isArchive(bytes: Uint8Array): boolean {
  const begins = (...magic: number[]) => magic.every((byte, index) => bytes[index] === byte);
  // zip, Zstandard (RFC 8878), bzip2, xz, Parquet
  return (
    begins(0x50, 0x4b, 3, 4) ||
    begins(0x28, 0xb5, 0x2f, 0xfd) ||
    begins(0x42, 0x5a, 0x68) ||
    begins(0xfd, 0x37, 0x7a, 0x58, 0x5a) ||
    begins(0x50, 0x41, 0x52, 0x31)
  );
}

function jsonContent(text: string, inflate: Inflate): Content {
  // AWS Config guide, "Example configuration snapshot" and history: their own members, and the check file that it writes.
  if (/^\{\s*"fileVersion"\s*:/.test(text) && /"config(?:SnapshotId|urationItems)"/.test(text.slice(0, 4000)))
    return 'config';
  if (hasRecords(text)) return 'log';
  const elements = new Elements();
  let looked = 0;
  try {
    for (const element of elements.feed(text)) {
      if (recordsIn(element, inflate).length > 0) return 'records';
      looked += 1;
      if (looked === mostLookedInto) break;
    }
  } catch {
    return 'json';
  }
  return 'json';
}

/** Is `Records` a member of the outermost object, as far as this beginning shows it? */
function hasRecords(text: string): boolean {
  if (/^\{\s*"Records"\s*:/.test(text)) return true;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && Array.isArray(value.Records);
  } catch {
    return false;
  }
}
