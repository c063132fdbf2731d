import { lines } from './lines.ts';
import type { Batch, DataRef, Refusal, Refused } from './payloads.ts';
import type { WorkData } from './work-data.ts';

/**
 * Records of one file that are refused one by one, and bytes of their text: a file with more is none of CloudTrail's, and is
 * refused as a whole. Its refusals would fill the memory of its batch, and the quarantine.
 */
export const mostRefused = { records: 1_000, bytes: 8 * 1024 * 1024 };

/** Collects what a step refuses and hands it on behind the refusals of the steps before. */
export class Refusals {
  readonly #step: string;
  readonly #before: Refused;
  readonly #list: Refusal[] = [];

  constructor(step: string, batch: Batch) {
    this.#step = step;
    this.#before = batch.refused;
  }

  add(refusal: Omit<Refusal, 'step'>): void {
    this.#list.push({ step: this.#step, ...refusal });
  }

  /** Takes back all but the first so many: what is refused as a whole is not refused one by one. */
  keepFirst(count: number): void {
    this.#list.length = Math.min(count, this.#list.length);
  }

  get count(): number {
    return this.#list.length;
  }

  /** All refusals of the execution so far, as the next state gets them. */
  async handOn(work: WorkData): Promise<Refused> {
    if (this.#list.length === 0) return this.#before;
    const writer = work.writer(`${this.#step.toLowerCase()}-refused`);
    if (this.#before.data) {
      for await (const line of lines(work.read(this.#before.data))) writer.write(`${line}\n`);
    }
    for (const refusal of this.#list) writer.write(`${JSON.stringify(refusal)}\n`);
    const data: DataRef = await writer.finish();
    return { count: this.#before.count + this.#list.length, data };
  }
}
