import { lines } from './lines.ts';
import type { Batch, DataRef, Refusal, Refused } from './payloads.ts';
import type { WorkData } from './work-data.ts';

/** Collects what a step refuses. */
export class RefusalList {
  readonly list: Refusal[] = [];
  readonly step: string;

  constructor(step: string) {
    this.step = step;
  }

  add(refusal: Omit<Refusal, 'step'>): void {
    this.list.push({ step: this.step, ...refusal });
  }

  /** Removes all refusals after the first `count`: a source that is refused as a whole is not refused record by record. */
  keepFirst(count: number): void {
    this.list.length = Math.min(count, this.list.length);
  }

  get count(): number {
    return this.list.length;
  }
}

/** Hands what a step refuses on, behind the refusals of the steps before. */
export class Refusals extends RefusalList {
  readonly #before: Refused;

  constructor(step: string, batch: Batch) {
    super(step);
    this.#before = batch.refused;
  }

  /** All refusals of the execution so far, as the next state gets them. */
  async handOn(work: WorkData): Promise<Refused> {
    if (this.count === 0) return this.#before;
    const writer = work.writer(`${this.step.toLowerCase()}-refused`);
    if (this.#before.data) {
      for await (const line of lines(work.read(this.#before.data))) writer.write(`${line}\n`);
    }
    for (const refusal of this.list) writer.write(`${JSON.stringify(refusal)}\n`);
    const data: DataRef = await writer.finish();
    return { count: this.#before.count + this.count, data };
  }
}
