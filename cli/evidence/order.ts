import type { BundledRecord, Report } from './format.ts';

/**
 * Sentences on what is not in the one order a bundle is written in: each copy of a record once, by event id and copy; the calls
 * by their time. Nothing hides among repetitions, and no page tells its story in another order.
 */
export function orderProblems(records: readonly BundledRecord[], { calls }: Pick<Report, 'calls'>): string[] {
  const problems: string[] = [];
  for (const [index, each] of records.entries()) {
    const before = records[index - 1];
    if (!before) continue;
    const order = compare(before, each);
    if (order === 0) problems.push(`the record ${each.eventID} appears twice`);
    if (order > 0) problems.push(`the record ${each.eventID} is out of order`);
  }
  if (new Set(calls).size !== calls.length) problems.push('a call is listed twice');
  const times = new Map(records.map(each => [each.eventID, timeOf(each)]));
  const listed = calls.map(id => times.get(id) ?? '');
  if (listed.some((time, index) => (listed[index - 1] ?? '') > time))
    problems.push('the calls are not in order of time');
  return problems;
}

function compare(one: BundledRecord, other: BundledRecord): number {
  if (one.eventID !== other.eventID) return one.eventID < other.eventID ? -1 : 1;
  const [a, b] = [one, other].map(copyName) as [string, string];
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Which copy of an event a record is. */
export function copyName({
  recipientAccountId,
  provenance,
}: Pick<BundledRecord, 'recipientAccountId' | 'provenance'>): string {
  return `${recipientAccountId} ${provenance}`;
}

function timeOf({ record }: BundledRecord): string {
  return String((JSON.parse(record) as { eventTime?: unknown }).eventTime);
}
