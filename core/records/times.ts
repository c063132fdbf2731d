import { describe, RecordError } from './read.ts';

/** Spans of time in milliseconds. */
export const minuteMillis = 60_000;
export const hourMillis = 60 * minuteMillis;
export const dayMillis = 24 * hourMillis;

const firstTime = Date.parse('0000-01-01T00:00:00Z');
const lastTime = Date.parse('9999-12-31T23:59:59Z');
const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?$/;

/**
 * A CloudTrail event time (UTC) as ISO 8601 without fractions: `2016-04-05T20:39:37Z`.
 * Throws RecordError `BadTime` for anything else, also for dates that do not exist.
 */
export function eventTime(text: string, path = 'eventTime'): string {
  const known = times.get(text);
  if (known !== undefined) return known;
  const time = isoTime.test(text) ? Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}Z`) : Number.NaN;
  // Date.parse turns February 31st into March 2nd, and 24:00 into the next day.
  const exists = new Date(time).getUTCDate() === Number(text.slice(8, 10));
  if (!exists)
    throw new RecordError('BadTime', `${path} is not a time: ${JSON.stringify(text.slice(0, 40))}`);
  const iso = text.length === 20 && text[10] === 'T' ? text : isoSeconds(time);
  if (times.size >= mostTimes) times.clear();
  times.set(text, iso);
  return iso;
}

/** Times read before: records of one file fall into few seconds. */
const times = new Map<string, string>();
const mostTimes = 1000;

const usTime = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d) ([AP]M)$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * `credentials.expiration` in the shapes seen in real logs: `Apr 5, 2016 9:39:37 PM`, `Jul 10, 2023, 12:54:47 PM`
 * (also with narrow no-break spaces), ISO 8601, or seconds since 1970. UTC. Throws RecordError `BadTime`.
 */
export function expirationTime(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return isoSeconds(value * 1000);
  if (typeof value === 'string') {
    const text = value.replace(/[\u00a0\u202f]/g, ' ');
    const parts = usTime.exec(text);
    if (!parts) return eventTime(text, 'responseElements.credentials.expiration');
    const [, month = '', day, year, hour, minute, second, half] = parts;
    const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
    const time = Date.UTC(
      Number(year),
      months.indexOf(month),
      Number(day),
      hours,
      Number(minute),
      Number(second),
    );
    // Date.UTC turns June 99th into September; only a day of the month that stays exists.
    const exists = months.includes(month) && new Date(time).getUTCDate() === Number(day);
    if (exists && Number(hour) <= 12) return isoSeconds(time);
  }
  throw new RecordError(
    'BadTime',
    `responseElements.credentials.expiration is not a time: ${describe(value)}`,
  );
}

/** Milliseconds since 1970 of a time this module made. */
export function millis(iso: string): number {
  return Date.parse(iso);
}

/** Throws RecordError `BadTime` for a time that ISO 8601 with four digits of the year cannot write. */
export function isoSeconds(time: number): string {
  if (!(time >= firstTime && time <= lastTime))
    throw new RecordError('BadTime', 'a time lies outside the years 0000 to 9999');
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Between which times, ISO 8601; `until` may also be a time sort key to stop before. */
export interface TimeSpan {
  since?: string | undefined;
  until?: string | undefined;
}

/** A time that lies so many milliseconds after another, or before it where they are negative; ISO 8601 to the second. */
export function laterBy(milliseconds: number, time: string): string {
  return isoSeconds(millis(time) + milliseconds);
}

/** `2015-08-17T15:01:31Z` -> `20150817T150131Z`, as CloudTrail writes times in names. */
export function compactTime(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** `20150817T150131Z` or `20150817T1501Z` -> milliseconds; NaN for any other text, of which Date.parse might make a time. */
export function compactMillis(compact: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z$/.exec(compact);
  if (!parts) return Number.NaN;
  const [, year, month, day, hour, minute, second = '00'] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** `2016-04-05T20:45:00Z` -> `2016040520`, the hour that a time lies in. */
export function hourOf(time: string): string {
  return new Date(time).toISOString().slice(0, 13).replace(/[-T]/g, '');
}
