import { duration, megabytes, plural } from '../views/text/format.ts';
import type { ExecutionCollector } from './execution-collector.ts';

/**
 * The time left, which does not climb: files that take longer than those before are waited for at the last estimate, and one that was
 * told for twice its time is no estimate any more.
 */
export class TimeLeft {
  #least = Number.POSITIVE_INFINITY;
  #told = 0;

  /** `estimate`: milliseconds, as the moment `now` alone would have it; null: nobody knows */
  next(estimate: number, now: number): number | null {
    if (estimate < this.#least) [this.#least, this.#told] = [estimate, now];
    return now - this.#told > 2 * this.#least + patience ? null : this.#least;
  }
}

/** An estimate of a moment may be told for a moment longer. */
const patience = 2000;

/** What moves while an execution runs, which alone tells that it does. Bytes. */
export interface Moved {
  /** of the log files, by the steps */
  read: number;
  /** of all log files delivered */
  of: number;
  /** sent to the tables */
  stored: number;
}

export interface Progress {
  delivered: number;
  of: number;
  running: number;
  collector: ExecutionCollector;
  began: Date;
  timeLeft: TimeLeft;
  /** absent: nobody counts */
  moved?: Moved;
}

/** Bytes; what is less shows as nothing. */
const worthTelling = 100_000;

/** `delivered 35 of 55 · executions: 1 running, 3 done · read 12.4 MB of 31.0 MB, stored 3.1 MB · 1,290 records (430/s) · about 12.0 s left` */
export function progressText(progress: Progress, now = Date.now()): string {
  const { delivered, of, running, collector, began, timeLeft, moved } = progress;
  const { records, sources } = collector.collected.counts;
  const seconds = Math.max(0.001, (now - began.getTime()) / 1000);
  // By the files that are done with: those that were only delivered wait in the queue yet.
  const share = sources / Math.max(1, of);
  const left = share > 0.02 && share < 1 ? timeLeft.next(seconds * 1000 * (1 / share - 1), now) : null;
  const rate = `${plural(records, 'record')} (${Math.round(records / seconds).toLocaleString('en-US')}/s)`;
  return [
    `delivered ${delivered.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`,
    `executions: ${running} running, ${collector.ended} done`,
    ...(moved && moved.read + moved.stored >= worthTelling
      ? [
          `read ${megabytes(Math.min(moved.read, moved.of))} of ${megabytes(moved.of)}, stored ${megabytes(moved.stored)}`,
        ]
      : []),
    // Counted when an execution ends: while the first runs, nothing is known, which is not nothing read.
    ...(collector.ended === 0 ? [] : [rate]),
    ...(left === null ? [] : [`about ${duration(left)} left`]),
  ].join(' · ');
}
