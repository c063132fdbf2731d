import type { StateVisit } from '../../../queries/history.ts';
import { begin, end, type Machine, type Transition } from './machine.ts';

export type Outcome = 'succeeded' | 'caught' | 'failed' | 'running' | 'aborted';

/** How an execution went through its state machine. */
export interface Passage {
  outcomes: Map<string, { outcome: Outcome; attempts: number }>;
  /** was this way taken? */
  taken(transition: Transition): boolean;
}

/** `status`: of the execution, as Step Functions has it. */
export function passageOf(machine: Machine, visits: readonly StateVisit[], status: string): Passage {
  const outcomes = new Map<string, { outcome: Outcome; attempts: number }>();
  const ways = new Set<string>();
  const name = (from: string, to: string, caught: boolean) => `${from}\n${to}\n${caught}`;
  let before: { name: string; caught: boolean } = { name: begin, caught: false };
  for (const [index, visit] of visits.entries()) {
    const outcome = outcomeOf(visit, index === visits.length - 1, status);
    outcomes.set(visit.name, { outcome, attempts: visit.attempts.length });
    ways.add(name(before.name, visit.name, before.caught));
    before = { name: visit.name, caught: outcome === 'caught' };
  }
  const ended = status !== 'RUNNING' && visits.length > 0;
  const isLast = machine.transitions.some(({ from, to }) => from === before.name && to === end);
  if (ended && isLast) ways.add(name(before.name, end, false));
  return {
    outcomes,
    taken: ({ from, to, kind }) => ways.has(name(from, to, kind === 'catch')),
  };
}

function outcomeOf(visit: StateVisit, last: boolean, status: string): Outcome {
  const { type, exited, attempts } = visit;
  const failed = attempts.at(-1) && !['succeeded', 'running'].includes(attempts.at(-1)?.outcome ?? '');
  if (last && type === 'Fail') return 'failed';
  if (last && status === 'RUNNING') return 'running';
  if (last && status === 'ABORTED' && !exited) return 'aborted';
  if (last && status !== 'SUCCEEDED' && !exited) return 'failed';
  return failed ? 'caught' : 'succeeded';
}
