import type { Completeness, Hour } from '../../evidence/completeness.ts';
import type { SourceCheck } from '../../evidence/verify-files.ts';
import { clean } from '../text/clean.ts';
import { day, plural, shorten } from '../text/format.ts';

const mostShown = 10;

/**
 * What a check of a bundle showed of the log files, and what it had to take from the report: sentences, a line each.
 * `ownKeys`: the public keys were given, not the bundle's.
 */
export function provenLines(sources: readonly SourceCheck[], ownKeys: boolean): string[] {
  const signed = sources.filter(each => each.signedHash !== null);
  const held = signed.filter(({ file }) => file?.hash && file.records);
  const changed = signed.filter(({ file }) => file?.hash === false);
  const named = signed.filter(({ file, reported }) => file === null && reported.verdict === 'verified');
  const taken = sources.filter(each => !held.includes(each) && !named.includes(each));
  const lines: string[] = [];
  if (held.length > 0)
    lines.push(
      `shown: ${plural(recordsIn(held), 'record')} byte for byte in ${plural(held.length, 'log file')} whose SHA-256 CloudTrail signed`,
    );
  if (named.length > 0)
    lines.push(
      `shown: CloudTrail signed the names and SHA-256 of ${plural(named.length, 'log file')}`,
      `taken from the report: that ${plural(recordsIn(named), 'record')} stood in them (a bundle made --with-logs shows it)`,
    );
  if (changed.length > 0)
    lines.push(
      `shown: ${plural(changed.length, 'log file')} in the bundle, reported as tampered, different from what CloudTrail signed`,
    );
  for (const { reported, digestProblem } of taken
    .filter(each => !changed.includes(each))
    .slice(0, mostShown)) {
    const why = digestProblem ?? reported.reason;
    lines.push(
      `taken from the report: ${reported.verdict}${why ? ` (${clean(shorten(why, 160))})` : ''}: ${clean(reported.source)}`,
    );
  }
  if (taken.length - changed.length > mostShown)
    lines.push(`and ${plural(taken.length - changed.length - mostShown, 'more log file')}, see report.json`);
  const missing = [...new Set(sources.flatMap(each => each.missing))];
  for (const part of missing.slice(0, mostShown)) lines.push(`not in the bundle: ${clean(part)}`);
  return [...lines, ...keyLines(signed, ownKeys)];
}

/** For which log files and hours a bundle shows that no call of its session was left out: sentences, a line each. */
export function completeLines(complete: Completeness | null): string[] {
  if (!complete)
    return [
      'not shown: that no call of the session was left out (this needs log files that CloudTrail signed: --with-logs)',
    ];
  const { files, unread, hours } = complete;
  const lines = [
    `shown: no call of the session in ${plural(files, 'log file')} that CloudTrail signed was left out`,
  ];
  lines.push(...hours.slice(0, mostShown).map(hourLine));
  if (hours.length > mostShown) lines.push(`and for ${plural(hours.length - mostShown, 'more digest')}`);
  if (unread > 0) lines.push(`not shown: whose ${plural(unread, 'record')} in them are that cannot be read`);
  return lines;
}

function hourLine({ account, region, from, to, backfill, looked, delivered }: Hour): string {
  const files = backfill
    ? 'late log files that a backfill digest names'
    : 'log files that CloudTrail delivered';
  const which = `${files} for account ${clean(account)} in ${clean(region)} from ${day(from)} to ${day(to)}`;
  if (looked < delivered) return `not complete: ${looked} of ${delivered} ${which}`;
  return `complete: all ${delivered} ${which}${backfill ? '' : ', except those that a backfill digest names'}`;
}

function keyLines(signed: readonly SourceCheck[], ownKeys: boolean): string[] {
  const keys = [...new Set(signed.flatMap(({ key }) => key ?? []))];
  return keys.map(key =>
    ownKeys
      ? `signed with the key ${clean(key)}, from --keys`
      : `signed with the key ${clean(key)}, which comes from the bundle itself: compare it with "aws cloudtrail list-public-keys", or give --keys FILE`,
  );
}

function recordsIn(sources: readonly SourceCheck[]): number {
  return sources.reduce((sum, { records }) => sum + records, 0);
}
