import { isUtf8 } from 'node:buffer';
import { RecordError } from '../records/read.ts';
import type { Candidates } from './candidates.ts';
import type { FileSpan, SpanScanner } from './file-span.ts';
import { mostRefused } from './most-refused.ts';
import { RecordScanner } from './scan.ts';

const openBrace = 0x7b;
/** Ten times what a log file of CloudTrail's holds (50 MB of text): a gzip bomb must not take the others' time. */
const mostText = 512 * 1024 * 1024;

/** What a log file says beside its records. */
export interface WholeLogFile {
  records: number;
  span: FileSpan;
}

/** `number`: among the file's records, from 1; `offset`: of its first byte in the file's text. The bytes are to be copied to be kept. */
export type OnCandidate = (record: Buffer, number: number, offset: number) => void;

/**
 * One log file's text as it streams by: hands on the records that may matter. A file that is not whole is refused as a whole,
 * because part of a damaged file is not evidence: throws RecordError `TextTooLarge`, `TooManyRefusals`, `NotUtf8`, and what
 * RecordScanner throws.
 */
export class LogFileReader {
  readonly #scanner: RecordScanner;
  readonly #span: SpanScanner;
  #bytes = 0;
  #odd = 0;

  constructor(wanted: Candidates, span: SpanScanner, onCandidate: OnCandidate) {
    this.#span = span;
    this.#scanner = new RecordScanner((record, offset) => {
      const { records } = this.#scanner;
      // Each would be refused by itself, and two bytes make one.
      if (record[0] !== openBrace && ++this.#odd > mostRefused.records)
        throw new RecordError(
          'TooManyRefusals',
          `more than ${mostRefused.records} of its records are no objects`,
        );
      // Later reads would have U+FFFD in place of bytes that are not UTF-8: a different record than the one delivered.
      if (!isUtf8(record))
        throw new RecordError('NotUtf8', `record ${records} is no UTF-8, which JSON must be`);
      onCandidate(record, records, offset);
    }, wanted);
  }

  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > mostText)
      throw new RecordError('TextTooLarge', `the file unpacks to more than ${mostText} bytes`);
    this.#scanner.push(chunk);
    this.#span.push(chunk);
  }

  /** Call after the last byte. */
  end(): WholeLogFile {
    this.#scanner.end();
    return { records: this.#scanner.records, span: this.#span.span() };
  }
}
