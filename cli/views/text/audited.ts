import type { AuditedLogs } from '../../queries/audited.ts';
import { clean } from './clean.ts';
import { day } from './format.ts';

const mostNamed = 5;

/** What was audited, in words: nothing found says nothing about what was not. `roles`: those that were asked for, or `*` */
export function auditedText(roles: readonly string[]): string {
  if (roles.includes('*')) return 'every temporary credential';
  const more = roles.length > mostNamed ? ` and ${roles.length - mostNamed} more` : '';
  return `${roles.slice(0, mostNamed).map(clean).join(', ')}${more}; calls under other roles were not kept`;
}

/** Which log files were read, in words. */
export function logsText(logs: AuditedLogs | null): string {
  return logs === null
    ? 'no log file of the audited account was read'
    : `log files of account ${logs.account} were read, from ${day(logs.first)} to the hour of ${day(logs.last).slice(0, 16)} UTC`;
}
