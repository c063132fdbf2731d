import type { Summary } from '../report/report.ts';
import { duration, plural } from '../views/text/format.ts';
import { linkedText } from '../views/text/linked-text.ts';
import type { Paint } from '../views/text/paint.ts';

/** A replay's numbers in two lines. */
export function summaryLines(summary: Summary, paint: Paint): string[] {
  const { executions, linkedCalls, unlinkedCalls, deliveredCalls, quarantined } = summary;
  // A trace runs none.
  const some = executions.succeeded + executions.failed > 0;
  const failed = executions.failed > 0 ? paint.red(`, ${executions.failed} failed`) : '';
  const ran = some ? `${plural(executions.succeeded, 'execution')}${failed}; ` : '';
  const refused = quarantined > 0 ? paint.red(`, ${quarantined} in quarantine`) : '';
  return [
    `${plural(summary.files, 'log file')}, ${plural(summary.records, 'record')}: ${summary.kept.toLocaleString('en-US')} kept ` +
      `(${plural(summary.duplicates, 'duplicate')}), ${summary.dropped.toLocaleString('en-US')} not relevant${refused}; ` +
      `${ran}${duration(summary.seconds * 1000)}`,
    linkedText({
      linked: linkedCalls,
      named: deliveredCalls,
      others: unlinkedCalls - deliveredCalls,
      sessions: summary.sessions,
    }),
  ];
}

/** Kept records that were taken as of the account they name; none where every file holds its own account's. */
export function otherAccountsLine(count: number, paint: Paint): string[] {
  if (count === 0) return [];
  const named = plural(count, 'kept record');
  return [`${paint.yellow(named)} of another account than the file's: accepted; --accounts refuses them`];
}
