import type { Party } from '../../core/linking/chain.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { accountInArn } from '../../core/records/arn.ts';
import type { Access, Resource } from '../../core/resources/resource.ts';
import type { ActiveSession, Activity } from './activity.ts';
import type { AnsweredCall } from './answered-calls.ts';

/** How much was done, and when: of calls, each counted once. Times ISO 8601; null: no call. */
export interface Done {
  sessions: number;
  calls: number;
  /** calls that ended in an error */
  failed: number;
  firstCall: string | null;
  lastCall: string | null;
}

/** Who is behind sessions: a person, a workload, a service. */
export interface PersonSummary extends Done {
  origin: Party;
  /** ARNs of the roles of their sessions */
  roles: string[];
}

export interface RoleSummary extends Done {
  roleArn: string;
  account: string | null;
  /** who is behind its sessions: how many of them are known */
  people: number;
  /** sessions that nobody is known to be behind */
  unexplained: number;
}

export interface AddressSummary extends Done {
  address: string;
  people: number;
  /** what calls came from it are made with */
  agents: string[];
}

export interface ResourceSummary extends Done, Pick<Resource, 'id' | 'type' | 'name' | 'account'> {
  people: number;
  /** calls by what they ask for */
  access: Record<Access, number>;
}

/** Agents that are told of one address. */
const mostAgents = 10;

export function peopleIn({ sessions }: Activity): PersonSummary[] {
  const people = new Map<string, ActiveSession[]>();
  for (const session of sessions) {
    const { origin } = session.answer;
    if (origin) add(people, partyKey(origin), session);
  }
  // A call outside of a session's life may be anybody's: a key that was taken is used on.
  const proven = (own: ActiveSession[]) =>
    own
      .map(({ answer, calls }) => ({ answer, calls: calls.filter(isProven), all: calls.length }))
      .filter(({ calls, all }) => calls.length > 0 || all === 0);
  return [...people.values()].map(proven).flatMap(own => {
    const origin = own.at(-1)?.answer.origin;
    return origin ? [{ origin, roles: rolesOf(own), ...doneBy(own) }] : [];
  });
}

export function rolesIn({ sessions }: Activity): RoleSummary[] {
  const roles = new Map<string, ActiveSession[]>();
  for (const session of sessions) if (session.answer.roleArn) add(roles, session.answer.roleArn, session);
  return [...roles].map(([roleArn, own]) => ({
    roleArn,
    account: accountInArn(roleArn),
    people: peopleAmong(own.map(({ answer }) => answer)),
    unexplained: own.filter(({ answer }) => answer.origin === null).length,
    ...doneBy(own),
  }));
}

export function addressesIn({ calls }: Activity): AddressSummary[] {
  const addresses = new Map<string, AnsweredCall[]>();
  for (const each of calls) if (each.call.sourceIPAddress) add(addresses, each.call.sourceIPAddress, each);
  return [...addresses].map(([address, own]) => ({
    address,
    people: peopleAmong(own.filter(isProven).map(({ session }) => session)),
    agents: [...new Set(own.flatMap(({ call }) => call.agent ?? []))].slice(0, mostAgents),
    ...doneIn(own),
  }));
}

export function resourcesIn({ calls }: Activity): ResourceSummary[] {
  const found = new Map<string, { resource: Resource; calls: AnsweredCall[] }>();
  for (const each of calls) {
    for (const resource of each.call.touched.resources) {
      const known = found.get(resource.id) ?? { resource, calls: [] };
      // A call that tells whose it is tells more than one that does not.
      if (known.resource.account === null && resource.account !== null) known.resource = resource;
      known.calls.push(each);
      found.set(resource.id, known);
    }
  }
  return [...found.values()].map(({ resource: { id, type, name, account }, calls: own }) => {
    const access = { read: 0, write: 0, permission: 0, unknown: 0 };
    for (const { call } of own) access[call.touched.access] += 1;
    const people = peopleAmong(own.filter(isProven).map(({ session }) => session));
    return { id, type, name, account, access, people, ...doneIn(own) };
  });
}

/** One text for all that an origin is known by: two sessions with the same have the same behind them. */
export function partyKey({
  type,
  arn,
  onBehalfOf,
  principalId,
  accountId,
  userName,
  invokedBy,
  workload,
}: Party): string {
  if (type === 'IdentityCenterUser' && onBehalfOf) return onBehalfOf;
  return JSON.stringify([type, arn ?? [principalId, accountId, userName], invokedBy, workload, onBehalfOf]);
}

function isProven({ answered }: AnsweredCall): boolean {
  return answered.answer !== null;
}

function peopleAmong(answers: readonly (SessionAnswer | null)[]): number {
  return new Set(answers.flatMap(answer => (answer?.origin ? [partyKey(answer.origin)] : []))).size;
}

function rolesOf(sessions: readonly ActiveSession[]): string[] {
  return [...new Set(sessions.flatMap(({ answer }) => answer.roleArn ?? []))].sort();
}

function doneBy(sessions: readonly ActiveSession[]): Done {
  return { ...doneIn(sessions.flatMap(({ calls }) => calls)), sessions: sessions.length };
}

function doneIn(calls: readonly AnsweredCall[]): Done {
  let firstCall: string | null = null;
  let lastCall: string | null = null;
  for (const { call } of calls) {
    if (firstCall === null || call.eventTime < firstCall) firstCall = call.eventTime;
    if (lastCall === null || call.eventTime > lastCall) lastCall = call.eventTime;
  }
  return {
    sessions: new Set(calls.map(({ call, session }) => session?.session ?? call.credential)).size,
    calls: calls.length,
    failed: calls.filter(({ call }) => call.errorCode !== null).length,
    firstCall,
    lastCall,
  };
}

function add<V>(lists: Map<string, V[]>, name: string, value: V): void {
  const known = lists.get(name);
  if (known) known.push(value);
  else lists.set(name, [value]);
}
