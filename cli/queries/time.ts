import { InvalidArgumentError } from 'commander';
import { isoSeconds } from '../../core/records/times.ts';

/** A day or a time in UTC, as ISO 8601 to the second. */
export function timeIn(text: string): string {
  const time = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?Z?$/.test(text)
    ? Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}${text.length > 10 ? 'Z' : ''}`)
    : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Expected a date or a time, e.g. 2025-03-11 or 2025-03-11T09:00:00Z.');
  return isoSeconds(time);
}
