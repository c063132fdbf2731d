import { logKeyParts } from '../../core/records/log-key.ts';
import { compactMillis } from '../../core/records/times.ts';
import { duration, plural } from '../views/text/format.ts';
import type { Asked, Checkpoint } from './checkpoint.ts';
import { readable } from './range.ts';

export interface Progress {
  asked: Pick<Asked, 'from' | 'to'>;
  checkpoint: Pick<Checkpoint, 'after' | 'files'>;
  /** files that earlier runs sent */
  before: number;
  began: number;
  /** the key behind which this run began */
  behind: string | null;
  waiting: number;
  /** waiting for the queue to get shorter */
  held: boolean;
}

/** `sent 12,300 files (50/s) · at 2025-03-14 09:05 · 3 messages wait · about 12 min 5 s left` */
export function progressText(progress: Progress, now = Date.now()): string {
  const { asked, checkpoint, before, began, behind, waiting, held } = progress;
  const seconds = Math.max(0.001, (now - began) / 1000);
  const timeOf = (key: string | null) => (key && logKeyParts(key)?.time) || asked.from;
  const at = timeOf(checkpoint.after);
  const start = compactMillis(timeOf(behind));
  // By the days that were gone through: to count the files would be to list them twice.
  const share = (compactMillis(at) - start) / Math.max(1, compactMillis(asked.to) - start);
  const parts = [
    `sent ${plural(checkpoint.files, 'file')} (${Math.round((checkpoint.files - before) / seconds).toLocaleString('en-US')}/s)`,
    `at ${readable(at)}`,
    held ? `holding back: ${plural(waiting, 'message')} wait` : `${plural(waiting, 'message')} wait`,
  ];
  if (share > 0.01) parts.push(`about ${duration(seconds * 1000 * (1 / share - 1))} left`);
  return parts.join(' · ');
}
