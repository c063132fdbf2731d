import { setTimeout as delay } from 'node:timers/promises';
import { minuteMillis } from '../../core/records/times.ts';
import { CliError } from '../failure.ts';
import { plural } from '../views/text/format.ts';

export interface PaceOptions {
  /** files a second */
  rate: number;
  /** messages that may wait in the queue */
  mostWaiting: number;
  /** how many do */
  waiting: () => Promise<number>;
  /** called with the number of waiting messages, before each pause */
  onHold?: (waiting: number) => void;
  now?: () => number;
  pause?: (milliseconds: number) => Promise<unknown>;
  /** ends every pause */
  signal?: AbortSignal;
}

const shortestHold = 1_000;
const longestHold = 10_000;
/** Milliseconds after which a queue that did not get shorter is reported. */
const patience = 15 * minuteMillis;

/** Lets files pass at a rate, and none while the queue is long: live deliveries wait in the same one. */
export class Pace {
  /** how many messages waited at the last look */
  waiting = 0;
  readonly #options: Required<Omit<PaceOptions, 'signal'>>;
  #due = 0;

  constructor({ signal, ...options }: PaceOptions) {
    const pause = (milliseconds: number) => delay(milliseconds, undefined, signal ? { signal } : {});
    this.#options = { onHold: () => {}, now: Date.now, pause, ...options };
  }

  /** Resolves when so many files may be sent. Throws CliError when the queue does not get shorter for 15 minutes. */
  async turn(files: number): Promise<void> {
    const { rate, now, pause } = this.#options;
    const wait = this.#due - now();
    if (wait > 0) await pause(wait);
    await this.#room();
    this.#due = Math.max(this.#due, now()) + (files / rate) * 1000;
  }

  async #room(): Promise<void> {
    const { mostWaiting, waiting, onHold, now, pause } = this.#options;
    let shortest = Number.POSITIVE_INFINITY;
    let since = now();
    for (let hold = shortestHold; ; hold = Math.min(longestHold, hold * 1.5)) {
      this.waiting = await waiting();
      if (this.waiting <= mostWaiting) return;
      if (this.waiting < shortest) [shortest, since] = [this.waiting, now()];
      if (now() - since >= patience) {
        throw new CliError(
          `${plural(this.waiting, 'message')} wait in the queue, which did not get shorter for 15 minutes: look at the Intake function and at failed executions`,
        );
      }
      onHold(this.waiting);
      await pause(hold);
    }
  }
}
