import { mostRefused } from '../../core/reading/most-refused.ts';
import type { RecordError } from '../../core/records/read.ts';
import { EventWriter } from './event-writer.ts';
import { readEvents } from './events.ts';
import { readFiles, writeFiles } from './ledger-files.ts';
import type { DataRef } from './payloads.ts';
import type { RefusalList } from './refusals.ts';
import type { WorkData } from './work-data.ts';

/** A file that is refused as a whole: its index among the batch's sources, and the indexes of its records among all. */
export interface RefusedFile {
  source: number;
  from: number;
  /** the first index that is another file's */
  to: number;
}

/** Watches, file by file, over how many of its records are refused. */
export class WholeFiles {
  readonly files: RefusedFile[] = [];
  /** records of the file under way that have their shape */
  normalized = 0;
  readonly #refusals: RefusalList;
  #before = 0;
  #file = { source: -1, from: 0 };
  #refused = { first: 0, records: 0, bytes: 0 };
  #whole = true;

  constructor(refusals: RefusalList) {
    this.#refusals = refusals;
  }

  /** The next file's records begin at `index`. */
  begin(source: number, index: number): void {
    this.#close(index);
    this.#file = { source, from: index };
    this.#refused = { first: this.#refusals.count, records: 0, bytes: 0 };
    this.#whole = true;
  }

  /** Whether the file under way is refused, so that the rest of it need not be looked at. */
  get isRefused(): boolean {
    return !this.#whole;
  }

  /** One more of its records was refused, with so many bytes of text. */
  refusedRecord(source: string, bytes: number, reason: RecordError): void {
    const refused = this.#refused;
    refused.records += 1;
    refused.bytes += bytes;
    if (refused.records <= mostRefused.records && refused.bytes <= mostRefused.bytes) return;
    this.#whole = false;
    this.normalized = 0;
    this.#refusals.keepFirst(refused.first);
    const many =
      refused.records > mostRefused.records
        ? `more than ${mostRefused.records} of its records`
        : `records of more than ${mostRefused.bytes} bytes`;
    this.#refusals.add({
      source,
      error: 'TooManyRefusals',
      message: `${many} would be refused, the last for ${reason.name}; the file is refused as a whole`,
    });
  }

  /** No file follows. `normalized`: records of all files that are not refused. */
  end(index: number): { normalized: number } {
    this.#close(index);
    return { normalized: this.#before };
  }

  #close(index: number): void {
    if (!this.#whole) this.files.push({ ...this.#file, to: index });
    this.#before += this.normalized;
    this.normalized = 0;
  }
}

/** The events without those of refused files. */
export async function eventsWithout(
  files: readonly RefusedFile[],
  ref: DataRef,
  work: WorkData,
): Promise<DataRef> {
  if (files.length === 0) return ref;
  const writer = work.writer('events-whole');
  const events = new EventWriter(writer);
  const rest = [...files];
  for await (const block of readEvents(work.read(ref))) {
    for (const { index, event } of block) {
      while (rest[0] && rest[0].to <= index) rest.shift();
      if (!rest[0] || index < rest[0].from) events.write(index, event, event);
    }
  }
  return writer.finish();
}

/** The files that may be marked as processed: a refused one is read again when it is delivered again. */
export async function filesWithout(
  refused: readonly RefusedFile[],
  ref: DataRef,
  work: WorkData,
): Promise<DataRef> {
  if (refused.length === 0) return ref;
  const sources = new Set(refused.map(({ source }) => source));
  return writeFiles(
    work,
    'files-whole',
    (await readFiles(work, ref)).filter(({ source }) => !sources.has(source)),
  );
}
