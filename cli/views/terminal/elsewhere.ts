import type { People } from '../../people/people.ts';
import type { Elsewhere } from '../../queries/elsewhere.ts';
import type { Candidate, Candidates } from '../../queries/short-ids.ts';
import { clean } from '../text/clean.ts';
import { columns, day, plural, shellWord } from '../text/format.ts';
import type { Paint } from '../text/paint.ts';
import { actionOf, touchedText } from './call-list.ts';
import { nameRole } from './party.ts';
import { sessionLine } from './session-list.ts';
import { deniedLines } from './story.ts';
import { addressList, resourceList } from './summary-lists.ts';

/** What else is called so: a resource, an address, an account; and how to see more of it. */
export function elsewhereLines(subject: string, found: Elsewhere, paint: Paint): string[] {
  const { resources, moreResources, address, account, from } = found;
  const lines: string[] = [];
  if (account) {
    const roles = account.roles.map(role => nameRole(role).name);
    const more = roles.length > mostRoles ? ` and ${roles.length - mostRoles} more` : '';
    lines.push(
      `  ${paint.dim('an account')}  ${plural(account.people, 'person or workload', 'people and workloads')} of it behind ${plural(account.behind, 'session')}; ${plural(account.under, 'session')} under ${plural(roles.length, 'role')} of it${roles.length > 0 ? `: ${roles.slice(0, mostRoles).join(', ')}${more}` : ''}`,
    );
  }
  if (address)
    lines.push(
      `  ${paint.dim('an address')}`,
      ...addressList.lines([address]),
      `  ${wayOn('addresses', subject)}`,
    );
  if (resources.length > 0) {
    lines.push(
      `  ${paint.dim(resources.length === 1 ? 'a resource' : 'resources')}`,
      ...resourceList.lines(resources),
    );
    if (moreResources > 0) lines.push(`  and ${moreResources.toLocaleString('en-US')} more`);
    lines.push(`  ${wayOn('resources', subject)}`);
  }
  lines.push(...otherLines(found, paint));
  if (from) lines.push(paint.dim(`  counted back to ${day(from)}: there is more`));
  return lines;
}

function otherLines({ others, moreOthers, refused, moreRefused }: Elsewhere, paint: Paint): string[] {
  const more = (count: number) => (count > 0 ? [`  and ${count.toLocaleString('en-US')} more`] : []);
  const rows = others.map(record => [
    ...[`    ${day(record.eventTime)}`, clean(actionOf(record)), touchedText(record.touched)],
    ...[clean(record.errorCode ?? ''), clean(record.eventID)],
  ]);
  return [
    ...(others.length > 0
      ? [`  ${paint.dim('in records that are no calls under an audited role')}`, ...columns(rows)]
      : []),
    ...more(moreOthers),
    ...(refused.length > 0
      ? [`  ${paint.dim('in refused attempts to assume a role')}`, ...deniedLines(refused, paint)]
      : []),
    ...more(moreRefused),
  ];
}

const mostRoles = 5;

function wayOn(list: string, subject: string): string {
  return `roletrail ${list} ${shellWord(subject)} shows who, when and what for`;
}

/** The sessions of what is called so, a line each. */
export function elsewhereSessions(
  found: Pick<Elsewhere, 'sessions' | 'more'>,
  paint: Paint,
  people: People,
): string[] {
  const { sessions, more } = found;
  if (sessions.length === 0) return [];
  const rest = more > 0 ? [`  and ${more.toLocaleString('en-US')} more`] : [];
  return ['', '  sessions, newest first', ...sessions.map(each => sessionLine(each, paint, people)), ...rest];
}

const things: Record<Candidate['what'], string> = { session: 'a session', event: 'an event' };

/** The ids that begin so, to choose from. */
export function candidateLines({ candidates, more, from }: Candidates, paint: Paint): string[] {
  const rows = candidates.map(({ what, id, at, name }) => [
    `  ${things[what]}`,
    day(at),
    clean(name ?? ''),
    clean(id),
  ]);
  const rest =
    more === null ? ['  and more'] : more > 0 ? [`  and ${more.toLocaleString('en-US')} more`] : [];
  const back = from ? [paint.dim(`  eventIDs were looked through back to ${day(from)}`)] : [];
  return [...columns(rows), ...rest, ...back];
}
