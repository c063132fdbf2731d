import { plural } from '../text/format.ts';
import type { Watch } from './watch.ts';

export interface Progress {
  delivered: number;
  of: number;
  running: number;
  watch: Watch;
  began: Date;
}

/** `delivered 35 of 55 · executions: 1 running, 3 done · 1,290 records (430/s)` */
export function progressText({ delivered, of, running, watch, began }: Progress, now = Date.now()): string {
  const { records } = watch.collected.counts;
  const seconds = Math.max(0.001, (now - began.getTime()) / 1000);
  return [
    `delivered ${delivered.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`,
    `executions: ${running} running, ${watch.ended} done`,
    `${plural(records, 'record')} (${Math.round(records / seconds).toLocaleString('en-US')}/s)`,
  ].join(' · ');
}
