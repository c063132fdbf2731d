import type { Input } from '../inputs/input.ts';
import { TimeLeft } from '../replay/progress.ts';
import { duration, megabytes, plural } from '../views/text/format.ts';

/** How far a trace has come. */
export class TraceProgress {
  readonly #files: number;
  readonly #bytes: number;
  readonly #began = Date.now();
  readonly #left = new TimeLeft();

  constructor(inputs: readonly Input[]) {
    this.#files = inputs.length;
    this.#bytes = inputs.reduce((sum, { size }) => sum + size, 0);
  }

  /** `35 of 55 files · 1,290 calls kept (430/s) · 12 MB/s · about 12.0 s left` */
  text(
    { files, bytes, records }: { files: number; bytes: number; records: number },
    now = Date.now(),
  ): string {
    const seconds = Math.max(0.001, (now - this.#began) / 1000);
    const share = bytes / Math.max(1, this.#bytes);
    const left = share > 0.02 && share < 1 ? this.#left.next(seconds * 1000 * (1 / share - 1), now) : null;
    return [
      `${files.toLocaleString('en-US')} of ${plural(this.#files, 'file')}`,
      `${plural(records, 'record')} kept`,
      `${megabytes(bytes / seconds)}/s`,
      ...(left === null ? [] : [`about ${duration(left)} left`]),
    ].join(' · ');
  }
}
