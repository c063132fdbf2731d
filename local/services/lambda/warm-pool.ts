import type { Sandbox } from './sandbox.ts';

/**
 * The sandboxes that wait warm for their next invocation, over all functions together: each holds 50 to 150 MB, and a
 * replay passes from one step to the next. The sandboxes that waited longest are ended when there are too many.
 */
export class WarmPool {
  readonly #most: number;
  /** in the order they became idle */
  readonly #idle = new Map<Sandbox, (sandbox: Sandbox) => void>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Keeps a sandbox; `end` is called, once, when it has to make room. */
  add(sandbox: Sandbox, end: (sandbox: Sandbox) => void): void {
    this.#idle.set(sandbox, end);
    if (this.#idle.size <= this.#most) return;
    for (const [oldest, endOldest] of this.#idle) {
      this.#idle.delete(oldest);
      endOldest(oldest);
      return;
    }
  }

  /** Takes a sandbox out, to be used or because it ended. */
  remove(sandbox: Sandbox): void {
    this.#idle.delete(sandbox);
  }
}
