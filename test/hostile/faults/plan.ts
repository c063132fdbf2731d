import type { Fault, FaultPlan, Passing } from '../../../local/faults.ts';

/** A fault that befell a request: whose, which one of its function, and what. */
export interface Injected {
  fault: Fault;
  request: string;
}

/** In one run so many requests of a function fail, so far apart. The state machine tries a step again four times. */
const together = 3;
export const stride = 54;

/**
 * Lets each function's requests number `turn`, `turn + stride`, `turn + 2 * stride` fail. Numbers count a function's requests over the run,
 * so that over `stride` turns every request of every function fails once.
 */
export class Turns {
  readonly injected: Injected[] = [];
  /** requests that came through here since {@link begin} */
  passed = 0;
  #fault: Fault | undefined;
  #turn = 0;
  readonly #counts = new Map<string, number>();

  readonly plan: FaultPlan = (passing: Passing) => {
    const fault = this.#fault;
    if (fault === 'partial' && !/^Batch/.test(passing.operation)) return undefined;
    const number = this.#counts.get(passing.caller.name) ?? 0;
    this.#counts.set(passing.caller.name, number + 1);
    this.passed += 1;
    if (fault === undefined || number % stride !== this.#turn || number >= together * stride)
      return undefined;
    this.injected.push({
      fault,
      request: `${passing.caller.name} ${passing.service} ${passing.operation} #${number}`,
    });
    return fault;
  };

  begin(fault?: Fault, turn = 0): void {
    this.#fault = fault;
    this.#turn = turn;
    this.#counts.clear();
    this.injected.length = 0;
    this.passed = 0;
  }
}

/** `count` of the numbers below `below`, the same ones for the same seed (mulberry32). */
export function sample(count: number, below: number, seed: number): number[] {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, below)) chosen.add(next() % below);
  return [...chosen];
}
