/**
 * Combines writes of many callers: while a request is under way, further writes are collected for the next one. Callers that work at
 * the same time share requests, and a single caller does not wait.
 */
export class GroupCommit<T> {
  readonly #write: (items: readonly T[]) => Promise<unknown>;
  #waiting: { items: readonly T[]; done: PromiseWithResolvers<void> }[] = [];
  #running = 0;

  /** `write`: writes them all, or throws. */
  constructor(write: (items: readonly T[]) => Promise<unknown>) {
    this.#write = write;
  }

  /** Resolves when all are written. Rejects with the error of the write they were part of. */
  async add(items: readonly T[]): Promise<void> {
    if (items.length === 0) return;
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ items, done });
    if (this.#running < mostAtOnce) void this.#run();
    return done.promise;
  }

  async #run(): Promise<void> {
    this.#running += 1;
    while (this.#waiting.length > 0) {
      const taken = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(taken.flatMap(({ items }) => items));
        for (const { done } of taken) done.resolve();
      } catch (error) {
        for (const { done } of taken) done.reject(error);
      }
    }
    this.#running -= 1;
  }
}

/** Two: one is on its way while the other is filled. */
const mostAtOnce = 2;
