import { InvalidArgumentError } from 'commander';
import { isoSeconds } from '../../core/records/times.ts';

/** What words of a command, or of a page's address, mean. Each throws InvalidArgumentError for what it does not take. */

/** A day or a time in UTC, as ISO 8601 to the second. */
export function timeIn(text: string): string {
  const time = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?Z?$/.test(text)
    ? Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}${text.length > 10 ? 'Z' : ''}`)
    : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Expected a date or a time, e.g. 2025-03-11 or 2025-03-11T09:00:00Z.');
  return isoSeconds(time);
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
