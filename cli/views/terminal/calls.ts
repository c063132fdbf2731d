import { clean } from '../text/clean.ts';
import { day, plural } from '../text/format.ts';

interface ShownCall {
  eventID: string;
  eventTime: string;
  eventName: string;
  eventSource: string;
  errorCode: string | null;
}

/** Names shown before the rest is only counted. */
const mostNames = 6;
/** Event ids shown in full before the rest is only counted. */
const mostIDs = 2;

/** `s3 ListBuckets, kms Decrypt ×5` in the order of first appearance; failed calls stand apart, with their error. */
export function namesOf(calls: readonly ShownCall[]): string {
  const counts = new Map<string, number>();
  for (const { eventName, eventSource, errorCode } of calls) {
    const service = eventSource.replace(/\.amazonaws\.com(?:\.cn)?$/, '');
    const name = `${service} ${eventName}${errorCode ? ` (${errorCode})` : ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const all = [...counts].map(([name, count]) => (count > 1 ? `${clean(name)} ×${count}` : clean(name)));
  const rest = all.length - mostNames;
  return rest > 1 ? `${all.slice(0, mostNames).join(', ')} and ${rest} more` : all.join(', ');
}

/** `2 calls 20:39:39 – 20:41:02`, or one time for one call. */
export function spanOf(calls: readonly ShownCall[]): string {
  const first = calls[0]?.eventTime;
  const last = calls.at(-1)?.eventTime;
  if (!first || !last) return 'no calls';
  const count = plural(calls.length, 'call');
  if (first === last) return `${count} ${day(first)}`;
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return `${count} ${day(first)} – ${sameDay ? day(last).slice(11) : day(last)}`;
}

/** The first event ids in full, and how many more there are. */
export function idsOf(calls: readonly ShownCall[]): string {
  const ids = calls.slice(0, mostIDs).map(call => clean(call.eventID));
  const rest = calls.length - ids.length;
  return rest > 0 ? `${ids.join(', ')} and ${rest} more` : ids.join(', ');
}
