import { ArchiveError } from '../../../core/inputs/archive-error.ts';
import type { TrailAccounts } from '../../../core/reading/accounts.ts';
import { SpanScanner } from '../../../core/reading/file-span.ts';
import { LogFileReader, type WholeLogFile } from '../../../core/reading/log-file-reader.ts';
import { checkKeyLength, checkObjectSize } from '../../../core/reading/log-object.ts';
import { reasonOf } from '../../../steps/runtime/errors.ts';
import type { Refusal } from '../../../steps/transport/payloads.ts';
import { CliError } from '../../failure.ts';
import { ObjectError } from '../../inputs/s3-object.ts';
import type { ReadSource } from './part.ts';
import type { Candidate, Kept, Reading } from './read-source.ts';
import { accountOf } from './rows.ts';

/** A log file to read. `size`: in bytes as it lies there. */
export interface Log {
  input: number;
  member: number;
  key: string;
  size: number;
  text(): AsyncIterable<Buffer>;
  /** of all its bytes, once they were read; null: of an input of which it is a part */
  bytesHash(): string | null;
  /** whether its earliest time, and its calls that only read, are looked for */
  span: { time: boolean; reads: boolean };
}

/** One for a thread, which reads one log at a time. */
export interface LogTools {
  reading: Reading;
  accounts: TrailAccounts;
  bucket: string;
  block: Block;
}

/** Takes kept records, and may hand on what there is before the log ends. */
export interface Kepts {
  onKept(kept: Kept, candidate: Candidate): void;
  flush(): Promise<void>;
}

/** Candidates that are decided and typed together, in bytes. */
const blockBytes = 512 * 1024;

/**
 * Reads one log file as the steps Fetch to Normalize do, and hands on its kept records as they are found: they count only if the
 * outcome is `read`. What is at fault with the file is its refusal; throws what is not the file's.
 */
export async function readLog(
  log: Log,
  { reading, accounts, bucket, block }: LogTools,
  { onKept, flush }: Kepts,
): Promise<ReadSource> {
  const { key, input, member } = log;
  const name = nameOfLog(bucket, key);
  const account = accountOf(key);
  const none = {
    ...{ input, member, name, key, bytesHash: null },
    ...{ records: 0, kept: 0, normalized: 0, earliest: null, reads: false, otherAccounts: 0 },
  };
  const refused = (step: string, error: unknown): ReadSource => {
    const refusal: Refusal = { step, source: name, ...reasonOf(error) };
    return { ...none, outcome: 'refused', refusals: [refusal] };
  };
  try {
    accounts.checkFile(key);
    checkKeyLength(key);
    checkObjectSize(key, log.size);
  } catch (error) {
    return refused('Fetch', error);
  }
  block.take();
  const source = reading.of({ source: name, provenance: 'trail', account });
  let otherAccounts = 0;
  const take = () => {
    const { bytes, candidates } = block.take();
    source.read(bytes, candidates, (kept, candidate) => {
      if (account !== null && kept.setting.recipientAccountId !== account) otherAccounts += 1;
      onKept(kept, candidate);
    });
  };
  const found: { candidates: number; whole: WholeLogFile | null } = { candidates: 0, whole: null };
  try {
    const file = new LogFileReader(
      reading.candidates,
      new SpanScanner(log.span),
      (record, number, offset) => {
        found.candidates += 1;
        block.add(record, number, offset);
      },
    );
    for await (const chunk of log.text()) {
      file.push(chunk);
      if (block.length < blockBytes) continue;
      take();
      await flush();
    }
    found.whole = file.end();
  } catch (error) {
    if (isOfTheBytes(error)) throw error;
    return refused('Decompress', error);
  }
  take();
  const { records, span } = found.whole;
  return {
    ...none,
    bytesHash: log.bytesHash(),
    records,
    kept: source.kept,
    normalized: source.normalized,
    ...span,
    otherAccounts,
    outcome: source.isWithheld ? 'withheld' : 'read',
    refusals: source.refusals.list,
  };
}

export function nameOfLog(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/** What cannot be read at all was refused before the steps: by the file system, by S3, or by the archive around it. */
function isOfTheBytes(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  const told = [ArchiveError, ObjectError, CliError].some(each => error instanceof each);
  return told || /^E[A-Z0-9]+$/.test(code);
}

/** Records side by side: where they lay is overwritten by the next part of their file. */
export class Block {
  #bytes = Buffer.allocUnsafeSlow(2 * blockBytes);
  length = 0;
  #candidates: Candidate[] = [];

  add(record: Buffer, number: number, offset: number): void {
    const end = this.length + record.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * end);
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(record, this.length);
    this.#candidates.push({ start: this.length, end, number, offset });
    this.length = end;
  }

  take(): { bytes: Buffer; candidates: Candidate[] } {
    const taken = { bytes: this.#bytes.subarray(0, this.length), candidates: this.#candidates };
    this.length = 0;
    this.#candidates = [];
    return taken;
  }
}
