import { InvalidArgumentError } from 'commander';

/** More at once are read by nobody, and held in memory. */
const most = 10_000;

/** How many of a list are to be shown: a whole number from 1 to 10,000. */
export function countIn(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most) throw new InvalidArgumentError('Expected a whole number from 1 to 10000.');
  return count;
}

/** A whole number of at least 1. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('Expected a whole number of at least 1.');
  return number;
}
