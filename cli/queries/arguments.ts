import { InvalidArgumentError } from 'commander';
import { dayMillis, hourMillis, isoSeconds, minuteMillis } from '../../core/records/times.ts';

/** What words of a command, or of a page's address, mean. Each throws InvalidArgumentError for what it does not take. */

const units: Record<string, number> = { m: minuteMillis, h: hourMillis, d: dayMillis, w: 7 * dayMillis };

/**
 * A time as people write it, in UTC unless it says a zone of its own, as ISO 8601 to the second: a day, a time of a day, how
 * long ago (`2h`), or a time of the last 24 hours (`14:00`). `now`: milliseconds since 1970.
 */
export function timeIn(text: string, now: unknown = undefined): string {
  const time = millisIn(text.trim(), typeof now === 'number' ? now : Date.now());
  if (!Number.isNaN(time) && Math.abs(time) < longest) return isoSeconds(time);
  throw new InvalidArgumentError(
    'Expected a date or a time, e.g. 2025-03-11, 2025-03-11T09:00:00Z, 14:00, 2h or 3d (ago); UTC unless it says its zone.',
  );
}

/** Years that ISO 8601 writes with four digits. */
const longest = Date.parse('9999-12-31T00:00:00Z');

function millisIn(text: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit] ?? Number.NaN);
  if (/^\d\d?:\d\d$/.test(text)) {
    const today = Date.parse(`${new Date(now).toISOString().slice(0, 10)}T${text.padStart(5, '0')}:00Z`);
    return today > now ? today - dayMillis : today;
  }
  const [, day, at, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (day === undefined || (at === undefined && zone !== 'Z')) return Number.NaN;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Date.parse turns February 31st into March 2nd.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return Number.NaN;
  return at === undefined ? midnight : Date.parse(`${day}T${at}${zone}`);
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('Expected a whole number of at least 1.');
  return number;
}

/** More of a list at once are read by nobody, and held in memory. */
const mostListed = 10_000;

/** How many of a list are to be shown. */
export function countIn(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > mostListed)
    throw new InvalidArgumentError('Expected a whole number from 1 to 10000.');
  return count;
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Expected a port number, or 0.');
  return port;
}

export function accountIn(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('Expected an account ID of 12 digits.');
  return text;
}
