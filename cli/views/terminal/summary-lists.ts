import { noNames, type People } from '../../people/people.ts';
import type {
  AddressSummary,
  Done,
  PersonSummary,
  ResourceSummary,
  RoleSummary,
} from '../../queries/summaries.ts';
import { clean } from '../text/clean.ts';
import { columns, day, plural, shorten } from '../text/format.ts';
import type { Listed } from '../text/listed.ts';
import { nameParty, nameRole } from './party.ts';

const longest = 70;

/** Who is behind sessions: a line each. */
export function personList(people: People = noNames): Listed<PersonSummary> {
  const named = ({ origin }: PersonSummary) => nameParty(origin, people);
  return {
    noun: ['person or workload', 'people and workloads'],
    json: each => ({ name: named(each).name, what: named(each).what, ...each }),
    columns: {
      name: each => named(each).name,
      what: each => named(each).what,
      arn: ({ origin }) => origin.arn,
      principalId: ({ origin }) => origin.principalId,
      account: ({ origin }) => origin.accountId,
      roles: ({ roles }) => roles.join(' '),
      ...doneColumns,
    },
    sorts: sorts<PersonSummary>(each => named(each).name),
    lines: found =>
      columns(
        found.map(each => [
          ...[`  ${named(each).name}`, named(each).what, ...doneCells(each)],
          `as ${some(each.roles.map(role => nameRole(role).name))}`,
        ]),
      ),
  };
}

export const roleList: Listed<RoleSummary> = {
  noun: ['role', 'roles'],
  columns: {
    arn: ({ roleArn }) => roleArn,
    account: ({ account }) => account,
    people: ({ people }) => people,
    unexplained: ({ unexplained }) => unexplained,
    ...doneColumnsOf(),
  },
  sorts: sorts<RoleSummary>(({ roleArn }) => roleArn),
  lines: found =>
    columns(
      found.map(each => {
        const { name, what } = nameRole(each.roleArn);
        const open = each.unexplained > 0 ? `, ${plural(each.unexplained, 'session')} with nobody known` : '';
        return [`  ${name}`, what, ...doneCells(each), behind(each.people) + open];
      }),
    ),
};

export const addressList: Listed<AddressSummary> = {
  noun: ['address', 'addresses'],
  columns: {
    address: ({ address }) => address,
    people: ({ people }) => people,
    agents: ({ agents }) => agents.join('; '),
    ...doneColumnsOf(),
  },
  sorts: sorts<AddressSummary>(({ address }) => address),
  lines: found =>
    columns(
      found.map(each => [
        ...[`  ${clean(each.address)}`, ...doneCells(each), behind(each.people)],
        shorten(some(each.agents), longest),
      ]),
    ),
};

export const resourceList: Listed<ResourceSummary> = {
  noun: ['resource', 'resources'],
  columns: {
    name: ({ name }) => name,
    type: ({ type }) => type,
    id: ({ id }) => id,
    account: ({ account }) => account,
    reads: ({ access }) => access.read,
    writes: ({ access }) => access.write,
    permissionChanges: ({ access }) => access.permission,
    unknown: ({ access }) => access.unknown,
    people: ({ people }) => people,
    ...doneColumnsOf(),
  },
  sorts: {
    ...sorts<ResourceSummary>(({ name }) => name),
    writes: (a, b) => writesOf(b) - writesOf(a) || order(a.name, b.name),
  },
  lines: found =>
    columns(
      found.map(each => [
        ...[`  ${shorten(clean(each.name), longest)}`, clean(each.type), ...doneCells(each)],
        accessText(each.access),
        behind(each.people),
      ]),
    ),
};

function behind(people: number): string {
  return people === 0
    ? 'nobody known behind it'
    : plural(people, 'person or workload', 'people or workloads');
}

/** `3 reads, 1 write, 1 permission change` */
export function accessText({ read, write, permission, unknown }: ResourceSummary['access']): string {
  const said = [
    read > 0 && plural(read, 'read'),
    write > 0 && plural(write, 'write'),
    permission > 0 && plural(permission, 'permission change'),
    unknown > 0 && `${unknown} of unknown access`,
  ];
  return said.filter(Boolean).join(', ');
}

/** `2 sessions`, `5 calls`, `1 failed`, and from when to when. */
export function doneCells({ sessions, calls, failed, firstCall, lastCall }: Done): string[] {
  const span = firstCall === null ? 'no call' : `${day(firstCall)} – ${day(lastCall)}`;
  return [plural(sessions, 'session'), plural(calls, 'call'), failed > 0 ? `${failed} failed` : '', span];
}

const doneColumns = doneColumnsOf();

function doneColumnsOf() {
  return {
    sessions: ({ sessions }: Done) => sessions,
    calls: ({ calls }: Done) => calls,
    failed: ({ failed }: Done) => failed,
    firstCall: ({ firstCall }: Done) => firstCall,
    lastCall: ({ lastCall }: Done) => lastCall,
  };
}

/** Ways to sort what was done; the newest is first where nobody says how. */
function sorts<T extends Done>(name: (item: T) => string): Record<string, (a: T, b: T) => number> {
  return {
    newest: (a, b) => order(b.lastCall ?? '', a.lastCall ?? '') || order(name(a), name(b)),
    oldest: (a, b) => order(a.firstCall ?? '~', b.firstCall ?? '~') || order(name(a), name(b)),
    name: (a, b) => order(name(a).toLowerCase(), name(b).toLowerCase()),
    calls: (a, b) => b.calls - a.calls || order(name(a), name(b)),
    sessions: (a, b) => b.sessions - a.sessions || order(name(a), name(b)),
    failed: (a, b) => b.failed - a.failed || order(name(a), name(b)),
  };
}

function writesOf({ access }: ResourceSummary): number {
  return access.write + access.permission;
}

const mostSaid = 3;

function some(texts: readonly string[]): string {
  const rest = texts.length - mostSaid;
  return `${texts.slice(0, mostSaid).map(clean).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
