import { InvalidArgumentError } from 'commander';
import { compactMillis, compactTime, dayMillis, isoSeconds, minuteMillis } from '../../core/records/times.ts';
import { UsageError } from '../failure.ts';

/** A minute as CloudTrail names files by: `20250311T0905Z`. */
export type Minute = string;

const time = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d)?Z?)?$/;

/** The first minute of `2025-03-11`, or the minute of `2025-03-11T09:05:00Z`. Times are UTC. */
export function fromMinute(text: string): Minute {
  return minute(parsed(text));
}

/** The first minute that no longer belongs: a day counts whole, a time does not belong itself. */
export function toMinute(text: string): Minute {
  const whole = text.length === 10 ? dayMillis : 0;
  return minute(parsed(text) + whole);
}

/** Throws UsageError for a range in which no minute lies. */
export function checkRange({ from, to }: { from: Minute; to: Minute }): void {
  if (from >= to) throw new UsageError('--to must be later than --from');
}

/** `2025/03/11`, the folder CloudTrail delivers the files of a minute to. */
export function dayFolder(at: Minute): string {
  return `${at.slice(0, 4)}/${at.slice(4, 6)}/${at.slice(6, 8)}`;
}

/** The folder of the last minute before `to`. */
export function lastFolder(to: Minute): string {
  return dayFolder(minute(compactMillis(to) - minuteMillis));
}

/** `2025-03-11 09:05` */
export function readable(at: Minute): string {
  return new Date(compactMillis(at)).toISOString().slice(0, 16).replace('T', ' ');
}

function parsed(text: string): number {
  const [, day, clock = '00:00'] = time.exec(text) ?? [];
  const at = day ? Date.parse(`${day}T${clock}:00Z`) : Number.NaN;
  // Date.parse takes 2025-02-30 for March.
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(String(day)))
    throw new InvalidArgumentError('Expected a date or a time in UTC, e.g. 2025-03-11 or 2025-03-11T09:00Z.');
  return at;
}

function minute(at: number): Minute {
  return compactTime(isoSeconds(at)).replace(/\d\dZ$/, 'Z');
}
