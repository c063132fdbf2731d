import { unpackedMember } from '../../core/digests/one-member.ts';
import { sha256, sha256OfStream } from '../../core/hash.ts';
import { RecordScanner } from '../../core/reading/scan.ts';

/** CloudTrail's files hold at most 50 MB of text. */
const mostText = 256 * 1024 * 1024;

/** What a log file in a bundle holds. */
export interface ReadLog {
  /** SHA-256 (hex) of its text; null: it is not a complete gzip file, or has bytes after it */
  hash: string | null;
  /** whether its text is a whole list of records: what was found before it broke off is not vouched for */
  whole: boolean;
}

/**
 * Reads a log file once, piece by piece: its hash, and each element of its `Records`, found by depth and quotes, so that a
 * record within a record is none. Memory does not grow with the file. `onRecord` gets the bytes and their SHA-256 (hex).
 */
export async function readLog(
  bytes: Uint8Array,
  onRecord: (record: Buffer, hash: string) => void,
): Promise<ReadLog> {
  const scanner = new RecordScanner(record => onRecord(record, sha256(record)));
  // Not every log file comes packed: a folder that was replayed may hold them as they are.
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  let whole = true;
  async function* scanned(): AsyncGenerator<Buffer> {
    for await (const chunk of isGzip ? unpackedMember(bytes, mostText) : asBuffers(bytes)) {
      if (whole) whole = scans(() => scanner.push(chunk));
      yield chunk;
    }
  }
  try {
    const hash = await sha256OfStream(scanned());
    return { hash, whole: whole && scans(() => scanner.end()) };
  } catch {
    // It is not a complete gzip file: no log file of CloudTrail's, whatever else it is.
    return { hash: null, whole: false };
  }
}

function scans(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

async function* asBuffers(bytes: Uint8Array): AsyncGenerator<Buffer> {
  yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
