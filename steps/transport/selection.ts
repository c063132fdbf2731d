import { RecordError } from '../../core/records/read.ts';

/**
 * Which records of a list are kept, as the lengths of runs that begin with a (possibly empty) run of dropped ones:
 * `2,1,3` is two dropped, one kept, three dropped. Grows with the changes, not with the records.
 */
export class SelectionWriter {
  readonly #runs: number[] = [0];

  add(kept: boolean): void {
    const keptRun = this.#runs.length % 2 === 0;
    if (kept === keptRun) this.#runs[this.#runs.length - 1] = (this.#runs.at(-1) ?? 0) + 1;
    else this.#runs.push(1);
  }

  /** So many that are dropped. */
  drop(count: number): void {
    if (count === 0) return;
    if (this.#runs.length % 2 === 0) this.#runs.push(0);
    this.#runs[this.#runs.length - 1] = (this.#runs.at(-1) ?? 0) + count;
  }

  toString(): string {
    return this.#runs.join();
  }
}

/** The numbers, from 1, of the records that are kept. Throws RecordError `BadFrame`. */
export function keptNumbers(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  for (const kept of readSelection(text)) {
    number += 1;
    if (kept) numbers.push(number);
  }
  return numbers;
}

/** The selection record by record. Throws RecordError `BadFrame` for text that is not a selection. */
export function* readSelection(text: string): Generator<boolean> {
  let kept = false;
  for (const run of text.split(',')) {
    const length = Number(run);
    if (run === '' || !Number.isInteger(length))
      throw new RecordError('BadFrame', 'the selection is not a list of runs');
    for (let i = 0; i < length; i += 1) yield kept;
    kept = !kept;
  }
}
