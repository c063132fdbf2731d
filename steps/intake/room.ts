import { mayPass } from '../runtime/errors.ts';

export interface RoomOptions {
  /** how many executions may run; 0: any number */
  most: number;
  /** counts running executions, up to a number */
  count(upTo: number): Promise<number>;
  /** milliseconds */
  now?: () => number;
}

/**
 * How long a count holds. Step Functions refills two requests a second for the whole account, and a backlog invokes intake more
 * often than that.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (throttling of ListExecutions)
 */
const holdsMilliseconds = 2_000;

/**
 * Whether another execution may start. Without that bound a backlog starts as many as it has batches, and they take the
 * account's concurrency from each other until their retries are used up. The bound is soft: several copies of intake count at
 * once, each its own.
 */
export class Room {
  readonly #options: RoomOptions;
  readonly #limits: { files: number; events: number };
  readonly #now: () => number;
  #running = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { most } = options;
    // A backlog of log files must not hold up the names that partners send.
    this.#limits = { files: most, events: most + Math.ceil(most / 4) };
  }

  /** Takes a place, if there is one. */
  async take(kind: 'files' | 'events'): Promise<boolean> {
    const { most } = this.#options;
    if (most === 0) return true;
    if (this.#now() - this.#countedAt >= holdsMilliseconds) await this.#count();
    if (this.#running >= this.#limits[kind]) return false;
    this.#running += 1;
    return true;
  }

  /** Gives back a place that was not needed. */
  giveBack(): void {
    this.#running -= 1;
  }

  async #count(): Promise<void> {
    try {
      this.#running = await this.#options.count(this.#limits.events);
    } catch (error) {
      // A count that is throttled must not stop what it is to protect. A missing permission must show.
      if (!mayPass(error)) throw error;
      this.#running = 0;
    }
    this.#countedAt = this.#now();
  }
}
