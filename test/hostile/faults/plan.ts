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
 * Lets each function's requests number `turn`, `turn + apart`, `turn + 2 * apart` fail, in turn by each kind of fault that
 * can befall them. Numbers count a function's requests over the run, so that over `apart` turns every request of every
 * function fails once.
 */
export class Turns {
  readonly injected: Injected[] = [];
  /** requests that came through here since {@link begin} */
  passed = 0;
  #kinds: readonly Fault[] = [];
  #turn = 0;
  readonly #apart: number;
  readonly #counts = new Map<string, number>();
  /** how often each kind befell a request, over all runs */
  readonly #times = new Map<Fault, number>();

  constructor(apart: number = stride) {
    this.#apart = apart;
  }

  readonly plan: FaultPlan = ({ caller, service, operation }: Passing) => {
    this.passed += 1;
    const fault = this.#rarest(operation);
    // A run of one kind counts only what that kind can befall.
    if (fault === undefined) return undefined;
    const number = this.#counts.get(caller.name) ?? 0;
    this.#counts.set(caller.name, number + 1);
    if (!this.#isDue(fault, number)) return undefined;
    this.#times.set(fault, this.#timesOf(fault) + 1);
    this.injected.push({ fault, request: `${caller.name} ${service} ${operation} #${number}` });
    return fault;
  };

  begin(kinds: readonly Fault[] = [], turn = 0): void {
    this.#kinds = kinds;
    this.#turn = turn;
    this.#counts.clear();
    this.injected.length = 0;
    this.passed = 0;
  }

  /** Of the kinds that can befall it the one that befell least. */
  #rarest(operation: string): Fault | undefined {
    const able = this.#kinds.filter(kind => kind !== 'partial' || /^Batch/.test(operation));
    return able.sort((a, b) => this.#timesOf(a) - this.#timesOf(b))[0];
  }

  // Few requests are batches: which numbers they have depends on what runs at the same time, so the first one is taken.
  #isDue(fault: Fault, number: number): boolean {
    if (fault === 'partial' && this.#kinds.length > 1) return true;
    return number % this.#apart === this.#turn && number < together * this.#apart;
  }

  #timesOf(kind: Fault): number {
    return this.#times.get(kind) ?? 0;
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
