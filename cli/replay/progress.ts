import { duration, plural } from '../views/text/format.ts';
import type { ExecutionCollector } from './execution-collector.ts';

/** The time left, which does not climb: files that take longer than those before are waited for at the last estimate. */
export class TimeLeft {
  #least = Number.POSITIVE_INFINITY;

  /** `estimate`: milliseconds, as this moment alone would have it */
  next(estimate: number): number {
    this.#least = Math.min(this.#least, estimate);
    return this.#least;
  }
}

export interface Progress {
  delivered: number;
  of: number;
  running: number;
  collector: ExecutionCollector;
  began: Date;
  timeLeft: TimeLeft;
}

/** `delivered 35 of 55 · executions: 1 running, 3 done · 1,290 records (430/s) · about 12.0 s left` */
export function progressText(
  { delivered, of, running, collector, began, timeLeft }: Progress,
  now = Date.now(),
): string {
  const { records, sources } = collector.collected.counts;
  const seconds = Math.max(0.001, (now - began.getTime()) / 1000);
  // By the files that are done with: those that were only delivered wait in the queue yet.
  const share = sources / Math.max(1, of);
  const left =
    share > 0.02 && share < 1
      ? [`about ${duration(timeLeft.next(seconds * 1000 * (1 / share - 1)))} left`]
      : [];
  const rate = `${plural(records, 'record')} (${Math.round(records / seconds).toLocaleString('en-US')}/s)`;
  return [
    `delivered ${delivered.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`,
    `executions: ${running} running, ${collector.ended} done`,
    // Counted when an execution ends: while the first runs, nothing is known, which is not nothing read.
    ...(collector.ended === 0 ? [] : [rate]),
    ...left,
  ].join(' · ');
}
