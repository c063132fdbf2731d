import type { Sandbox } from './sandbox.ts';

export interface WarmLimits {
  /** sandboxes that wait warm whatever they hold */
  few: number;
  /** how many may, while the process has grown by less than `megabytes` since the pool was made; absent: `few` */
  many?: { most: number; megabytes: number };
}

/**
 * The sandboxes that wait warm for their next invocation, over all functions together: a replay passes from one step to
 * the next, and a new sandbox costs 0.2 s; but each holds 50 to 150 MB. Those that waited longest are ended when there
 * are too many.
 */
export class WarmPool {
  readonly #limits: WarmLimits;
  readonly #rss: () => number;
  readonly #before: number;
  /** in the order they became idle */
  readonly #idle = new Map<Sandbox, (sandbox: Sandbox) => void>();

  /** `rss`: the memory this process holds, in bytes */
  constructor(limits: WarmLimits, rss = () => process.memoryUsage.rss()) {
    this.#limits = limits;
    this.#rss = rss;
    this.#before = rss();
  }

  /** Keeps a sandbox; `end` is called, once, when it has to make room. */
  add(sandbox: Sandbox, end: (sandbox: Sandbox) => void): void {
    this.#idle.set(sandbox, end);
    const most = this.#most();
    for (const [oldest, endOldest] of this.#idle) {
      if (this.#idle.size <= most) return;
      this.#idle.delete(oldest);
      endOldest(oldest);
    }
  }

  /** Takes a sandbox out, to be used or because it ended. */
  remove(sandbox: Sandbox): void {
    this.#idle.delete(sandbox);
  }

  #most(): number {
    const { few, many } = this.#limits;
    if (!many || this.#idle.size <= few) return few;
    return this.#rss() - this.#before < many.megabytes * 1e6 ? many.most : few;
  }
}
