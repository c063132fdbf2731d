import { RecordError } from './read.ts';

const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?$/;

/**
 * A CloudTrail event time (UTC) as ISO 8601 without fractions: `2016-04-05T20:39:37Z`.
 * Throws RecordError `BadTime` for anything else, also for dates that do not exist.
 */
export function eventTime(text: string, path = 'eventTime'): string {
  const time = isoTime.test(text) ? Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}Z`) : Number.NaN;
  // Date.parse turns February 31st into March 2nd; only a time that reads back as written exists.
  const exists = !Number.isNaN(time) && isoSeconds(time).slice(0, 10) === text.slice(0, 10);
  if (!exists) throw new RecordError('BadTime', `${path} is no time: ${JSON.stringify(text.slice(0, 40))}`);
  return isoSeconds(time);
}

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
    if (months.includes(month) && Number(hour) <= 12) return isoSeconds(time);
  }
  throw new RecordError(
    'BadTime',
    `responseElements.credentials.expiration is no time: ${JSON.stringify(value)}`,
  );
}

/** Milliseconds since 1970 of a time this module made. */
export function millis(iso: string): number {
  return Date.parse(iso);
}

export function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
