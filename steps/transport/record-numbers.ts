import { RecordError } from '../../core/records/read.ts';
import { readFiles } from './ledger-files.ts';
import type { DataRef } from './payloads.ts';
import { keptNumbers } from './selection.ts';
import type { WorkData } from './work-data.ts';

/**
 * The number of a refused record within its file, so that a person finds it there. Only computed for refused records: the
 * data behind `files` is read at the first of them, and the others cost nothing.
 */
export class RecordNumbers {
  readonly #files: DataRef | undefined;
  readonly #work: WorkData;
  #candidates: Promise<Map<number, string>> | undefined;
  readonly #numbers = new Map<number, number[]>();

  /** `files`: of the batch; undefined where events came as messages of their own, which need no number */
  constructor(files: DataRef | undefined, work: WorkData) {
    this.#files = files;
    this.#work = work;
  }

  /** Of a source of the batch the candidate at `index` (from 0). Throws RecordError `BadFrame` for one that is none. */
  async of(source: number, index: number): Promise<{ record?: number }> {
    if (!this.#files) return {};
    this.#candidates ??= readCandidates(this.#files, this.#work);
    const text = (await this.#candidates).get(source) ?? '';
    const numbers = this.#numbers.get(source) ?? keptNumbers(text);
    this.#numbers.set(source, numbers);
    const record = numbers[index];
    if (record === undefined)
      throw new RecordError('BadFrame', `source ${source} of the batch has no candidate ${index}`);
    return { record };
  }
}

async function readCandidates(files: DataRef, work: WorkData): Promise<Map<number, string>> {
  const all = await readFiles(work, files);
  return new Map(all.map(({ source, candidates }) => [source, candidates]));
}
