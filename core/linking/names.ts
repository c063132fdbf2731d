import { lastPart, parseRoleArn, parseSessionArn, roleKey, roleKeyOfSession } from '../records/arn.ts';
import type { Hop, Party } from './chain.ts';
import { isMasked } from './principal.ts';
import type { SessionAnswer } from './session-answer.ts';

/**
 * What a name is to a session that is found by it.
 * `who`: of whoever is behind it, as the answer's origin says; `itself`: its ARN, its principal id, its sign-in; `hop`: of a
 * session on the way to it; `chosen`: its session name or source identity, which whoever asked for it chose, so that it
 * names nobody; `claimed`: its own, but only a partner's event reports its issuance.
 */
export type NameKind = 'who' | 'itself' | 'hop' | 'chosen' | 'claimed';

/** From what says most of who somebody is to what anybody may write: a text that is two things to a session is the first. */
export const nameKinds: readonly NameKind[] = ['who', 'itself', 'hop', 'chosen', 'claimed'];

/** Names one session is found by; only a chain of many hops has as many. The last kinds are left out first. */
const mostNames = 40;

/**
 * All that finds this session: each name as it is compared ({@link comparable}), and what it is to the session. A function of the
 * answer alone, so that whoever finds an answer by a name can check that it has it still.
 */
export function namesOf(answer: SessionAnswer): Map<string, NameKind> {
  const { origin, named, chain, arn, principalId, sessionName, sourceIdentity, signInSessions = [] } = answer;
  const claimed = chain[0]?.joinedBy === 'claimed';
  const own = (kind: NameKind): NameKind => (claimed ? 'claimed' : kind);
  const names = new Map<string, NameKind>();
  const add = (kind: NameKind, texts: readonly (string | null | undefined)[]) => {
    for (const text of texts) {
      const name = comparable(text ?? '');
      if (name === '' || names.has(name) || names.size >= mostNames) continue;
      names.set(name, kind);
    }
  };
  add('who', [...(origin ? partyNames(origin) : []), named]);
  add(own('itself'), [arn, spokenId(principalId), ...(arn ? shortNames(arn) : []), ...signInSessions]);
  add('hop', chain.flatMap(hopNames));
  add(own('chosen'), [sessionName, sourceIdentity]);
  return names;
}

/** What a party is called in records, and what it is called where it is shown. */
function partyNames(party: Party): (string | null)[] {
  const { type, arn, principalId, accountId, userName, invokedBy, onBehalfOf, workload } = party;
  return [
    arn,
    spokenId(principalId),
    userName,
    onBehalfOf,
    workload,
    ...(arn === null ? [invokedBy] : shortNames(arn)),
    ...(type === 'Root' ? ['root'] : []),
    ...(type === 'DelegatedProvider' && accountId ? [accountId, `account ${accountId}`] : []),
  ];
}

/** Who asked for a hop, and in which sign-in. */
function hopNames({ caller, signInSession }: Hop): (string | null | undefined)[] {
  const { arn, principalId, userName, onBehalfOf } = caller;
  return [
    ...[arn, spokenId(principalId), userName, onBehalfOf, signInSession],
    ...(arn === null ? [] : [...shortNames(arn), parseSessionArn(arn)?.sessionName]),
  ];
}

/** `jsmith` and `team/jsmith` of a user's ARN, `CrossAccountTest/test` of a session's: what a reader is shown. */
function shortNames(arn: string): string[] {
  const session = parseSessionArn(arn);
  if (session) return [`${session.roleName}/${session.sessionName}`];
  const [, name = ''] = /:(?:user|federated-user)\/(.+)$/.exec(arn) ?? [];
  return [name, lastPart(name)];
}

/** Ids that were made anonymous are many sessions' alike, and say nothing. */
function spokenId(id: string | null): string | null {
  return id === null || isMasked(id) ? null : id;
}

/** A name as it is compared: without regard to case, as IAM and Identity Center compare theirs (IAM guide, name requirements). */
export function comparable(name: string): string {
  return name.trim().toLowerCase();
}

/**
 * What a name is filed under: names that end in the same name of a user, a role or a session are found in one place, so that a session
 * with an ARN, an id and a name of its own needs one entry for all three. Takes and gives a text as it is compared.
 */
export function nameKey(name: string): string {
  for (const pattern of filedByEnd) {
    const end = pattern.exec(name)?.[1];
    if (end) return end;
  }
  return name;
}

/** IAM guide, IAM identifiers and "principal identifiers"; CloudTrail guide, SAML and web identity: whose id ends in the subject. */
const filedByEnd = [
  /^arn:[^:]*:(?:iam|sts)::\d{12}:(?:user|role|assumed-role|federated-user)\/(?:.*\/)?([^/]+)$/,
  /^arn:[^:]*:iam::\d{12}:oidc-provider\/[^:]+:[^:]+:(.+)$/,
  /^[^:\s]*=:(.+)$/,
  /^(?:a[a-z]{3}[a-z0-9]{8,}|\d{12}):(?:.*:)?([^:]+)$/,
  /^[^:]*\/([^/:]+)$/,
];

/**
 * A unique id of whoever is behind a session that the ARN beside it says as well: it leads to that ARN, once for all sessions, and
 * needs no entry of its own for each. Null where the id is all that is known.
 */
export function idBehind({ origin }: SessionAnswer): { id: string; arn: string } | null {
  const id = comparable(spokenId(origin?.principalId ?? null) ?? '');
  const arn = comparable(origin?.arn ?? '');
  return isUniqueId(id) && arn !== '' ? { id, arn } : null;
}

/** `AIDA...`: the unique id of a user, a role or another entity of IAM, as it is compared (IAM guide, unique identifiers). */
export function isUniqueId(name: string): boolean {
  return /^a[a-z]{3}[a-z0-9]{8,}$/.test(name);
}

/** A role that sessions are of, or that was on the way to them, by one of its names. */
export interface RoleName {
  /** its name, or its unique id, as it is compared */
  name: string;
  /** the ARN as the session has it: it lacks the path where only a session's ARN showed it */
  arn: string;
}

/** The names of a session's role and its unique id, and the names of the roles on the way; none for a session without a role. */
export function roleNamesOf({ roleArn, principalId, chain }: SessionAnswer): RoleName[] {
  const [, id = ''] = /^(AROA[^:]*):/.exec(principalId ?? '') ?? [];
  const own = roleName(roleArn);
  return [
    ...own,
    ...own.filter(() => id !== '' && !isMasked(id)).map(role => ({ ...role, name: comparable(id) })),
    ...chain.slice(1).flatMap(hop => roleName(hop.roleArn)),
  ];
}

function roleName(arn: string | null): RoleName[] {
  const role = arn === null ? null : parseRoleArn(arn);
  return arn !== null && role ? [{ name: comparable(role.name), arn }] : [];
}

/**
 * One text for all ARNs of a role, also for that of one of its sessions: the name of a role is unique in its account whatever
 * its path, and without regard to case (IAM guide, name requirements). Another text is taken as it is.
 */
export function roleFiledAs(arn: string): string {
  return roleKey(arn) ?? roleKeyOfSession(arn) ?? roleKey(comparable(arn)) ?? comparable(arn);
}
