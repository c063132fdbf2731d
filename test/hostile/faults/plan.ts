import type { Fault, FaultPlan, Passing } from '@roletrail/local';

/** A fault that befell a request: of which function, which one of its invocation, and what. */
export interface Injected {
  fault: Fault;
  request: string;
  number: number;
  caller: string;
}

/** So many faults befall one piece of work: the state machine and the queues try five times. */
const together = 3;
/** So far apart are they. */
export const stride = 40;

/**
 * Lets requests number `turn`, `turn + stride` and `turn + 2 * stride` of each piece of work fail, one after the other. A
 * piece of work is what one function does for one execution; for a queue, all that it does. Requests are counted within
 * an invocation: where the first fault ended it, the second befalls the next try. So over `stride` turns every request
 * of every function fails once.
 */
export class Turns {
  readonly injected: Injected[] = [];
  /** called when a fault has befallen a request */
  onFault: (fault: Fault, passing: Passing) => void = () => {};
  /** the most requests one invocation made, by function, since {@link begin} */
  readonly longest = new Map<string, number>();
  #kinds: readonly Fault[] = [];
  #turn = 0;
  readonly #requests = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  /** how often each kind befell a request, over all runs */
  readonly #times = new Map<Fault, number>();

  readonly plan: FaultPlan = passing => {
    const { caller, service, operation, invocation } = passing;
    const polls = invocation === undefined;
    const name = polls ? `${caller.name}'s queue` : caller.name;
    const number = counted(this.#requests, polls ? name : invocation);
    this.longest.set(name, Math.max(this.longest.get(name) ?? 0, number + 1));
    // A run of one kind counts only what that kind can befall.
    const fault = this.#rarest(operation);
    if (fault === undefined) return undefined;
    const able = counted(this.#requests, `${fault === 'partial'} ${polls ? name : invocation}`);
    const work = `${name} ${hasExecution(caller.name) ? rootOf(invocation) : ''}`;
    if (!this.#isDue(fault, able, this.#faults.get(work) ?? 0)) return undefined;
    counted(this.#faults, work);
    counted(this.#times, fault);
    this.injected.push({
      fault,
      number: able,
      caller: name,
      request: `${name} ${service} ${operation} #${number}`,
    });
    this.onFault(fault, passing);
    return fault;
  };

  /** The next run: of these kinds, in this turn; without kinds nothing fails. */
  begin(kinds: readonly Fault[] = [], turn = 0): void {
    this.#kinds = kinds;
    this.#turn = turn;
    this.#requests.clear();
    this.#faults.clear();
    this.longest.clear();
    this.injected.length = 0;
  }

  /** Of the kinds that can befall it the one that befell least. */
  #rarest(operation: string): Fault | undefined {
    const able = this.#kinds.filter(
      kind => kind !== 'partial' || /^(Batch|.*Batch$|PutEvents)/.test(operation),
    );
    return able.sort((a, b) => this.#timesOf(a) - this.#timesOf(b))[0];
  }

  // Few requests are batches: which numbers they have depends on what runs at the same time, so the first one is taken.
  #isDue(fault: Fault, number: number, before: number): boolean {
    if (before >= together) return false;
    if (fault === 'partial' && this.#kinds.length > 1) return true;
    return number === this.#turn + before * stride;
  }

  #timesOf(kind: Fault): number {
    return this.#times.get(kind) ?? 0;
  }
}

/** How many requests of an invocation can be reached. */
export const reach = together * stride;

function hasExecution(role: string): boolean {
  return role.startsWith('Steps');
}

function rootOf(invocation: string | undefined): string {
  return /Root=([^;]*)/.exec(invocation ?? '')?.[1] ?? '';
}

/** How many were counted before. */
function counted<K>(counts: Map<K, number>, key: K): number {
  const before = counts.get(key) ?? 0;
  counts.set(key, before + 1);
  return before;
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
