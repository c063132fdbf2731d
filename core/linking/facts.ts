import { lakeFormationName, permissionSetName, permissionSetOf, tokenName } from '../identities/grants.ts';
import { sessionCredential } from '../identities/identity.ts';
import { isTemporaryKey } from '../identities/roles.ts';
import { accountInArn, parseRoleArn } from '../records/arn.ts';
import type { AuditEvent, Issuance } from '../records/event.ts';
import { isoSeconds, laterBy, millis } from '../records/times.ts';
import { lakeFormation } from './mechanism.ts';
import { namesItself } from './principal.ts';
import { attemptName, attemptOf, type RefusedAttempt } from './refused.ts';
import { hasMark, type Shown, shownBy } from './shown.ts';
import { isWithin, type Use, type UsingCall, useOf, widen } from './use.ts';

/**
 * Facts are what records say, one by one: they are written once (a use's times only widen), in any order, any number
 * of times, with the same outcome. Answers are derived from them. These are what is known of one credential.
 */
export interface CredentialFacts {
  credential: string;
  issuances: readonly Issuance[];
  uses: readonly Use[];
}

/** Reads the facts of a credential. */
export type LoadFacts = (credential: string) => Promise<CredentialFacts>;

/** Names of all facts of a credential. One issuance is a fact of several credentials, each of which may be read apart. */
export function factNames({ credential, issuances, uses }: CredentialFacts): string[] {
  return [...issuances.map(issuanceName), ...uses.map(use => use.hash)].map(name => `${credential} ${name}`);
}

/** All facts of a batch, by the credential whose partition they belong to. */
export interface BatchFacts {
  issuances: Map<string, Issuance[]>;
  uses: Map<string, Use[]>;
  /** credential -> credentials whose answers depend on its facts: issued to it, or of the same console session */
  children: Map<string, Set<string>>;
  /** the same as partners tell it, each by itself: credential -> `SENDER#child` */
  claimedChildren: Map<string, Set<string>>;
  /** attempts that began no session: no answer is derived from them */
  refused: RefusedAttempt[];
}

/** The facts of a batch of events; duplicates within the batch fall together. */
export function factsOf(events: Iterable<AuditEvent>): BatchFacts {
  const collector = new FactCollector();
  for (const event of events) collector.add(event);
  return collector.facts();
}

/** Collects facts event by event, without keeping the events. */
export class FactCollector {
  readonly #issuances = new Map<string, Map<string, Issuance>>();
  readonly #uses = new Map<string, Map<string, Use>>();
  readonly #children = new Map<string, Set<string>>();
  readonly #claimedChildren = new Map<string, Set<string>>();
  readonly #refused = new Map<string, RefusedAttempt>();

  /** One more call with a credential, which issues none and is no refused attempt. Answers the hash of its use. */
  addCall(credential: string, call: UsingCall): string {
    const use = useOf(call);
    this.#addUse(credential, use);
    return use.hash;
  }

  add(event: AuditEvent): void {
    const attempt = attemptOf(event);
    if (attempt && !this.#refused.has(attemptName(attempt))) this.#refused.set(attemptName(attempt), attempt);
    if (event.issuance) this.#addIssuance(event.issuance);
    if (event.credential) this.#addUse(event.credential, useOf(event));
  }

  facts(): BatchFacts {
    return {
      issuances: flatten(this.#issuances),
      uses: flatten(this.#uses),
      children: this.#children,
      claimedChildren: this.#claimedChildren,
      refused: [...this.#refused.values()],
    };
  }

  #addIssuance(issuance: Issuance): void {
    const shared = sharedEvent(issuance);
    const sender = issuance.provenance === 'partner' ? issuance.recipientAccountId : null;
    if (shared && issuance.provenance === 'trail') keep(this.#issuances, shared, issuance);
    for (const credential of credentialsOf(issuance)) {
      keep(this.#issuances, credential, issuance);
      if (shared && sender) this.#depends(shared, credential, sender);
      for (const parent of parentsOf(issuance)) this.#depends(parent, credential, sender);
      if (issuance.accessKeyId) this.#depends(credential, issuance.accessKeyId, sender);
      const center = centerName(issuance.roleArn, issuance.eventTime);
      if (center) this.#depends(center, credential, sender);
    }
    // The token of an application is asked for with a name of its own, and shows under whose credentials it was used.
    const { credentialId } = issuance.caller;
    if (credentialId && issuance.joinName) this.#depends(tokenName(credentialId), issuance.joinName, sender);
  }

  #addUse(credential: string, use: Use): void {
    const ofCredential = within(this.#uses, credential);
    const known = ofCredential.get(use.hash);
    if (known) {
      // What depends on it was told by the first call that shows the same.
      if (!isWithin(use, known)) ofCredential.set(use.hash, widen(known, use));
      return;
    }
    ofCredential.set(use.hash, use);
    for (const session of sessionsOf(use)) this.#depends(session, credential, null);
    const center = use.creationDate && centerName(use.issuerArn, use.creationDate);
    if (center) this.#depends(center, credential, null);
  }

  #depends(parent: string, child: string, sender: string | null): void {
    if (parent === child) return;
    const links = sender === null ? this.#children : this.#claimedChildren;
    const named = sender === null ? child : `${sender}#${child}`;
    links.set(parent, (links.get(parent) ?? new Set()).add(named));
  }
}

/**
 * The credentials the issuance of a caller's own may be found under: its key, and its session where it names nobody itself;
 * of what a service vended, the name under which the service says for whom.
 */
export function parentsOf(issuance: Issuance): string[] {
  const { caller } = issuance;
  const vended = vendedName(issuance);
  if (vended) return [vended];
  const key = isTemporaryKey(caller.accessKeyId) ? [caller.accessKeyId] : [];
  if (namesItself(caller) || !caller.session) return key;
  const { issuer, creationDate } = caller.session;
  const center = creationDate && centerName(issuer?.arn ?? null, creationDate);
  return [...key, ...sessionsOf(shownBy(caller)), ...(center ? [center] : [])];
}

/** Where Identity Center's own records of a session of one of its roles are found; null for another role's. */
export function centerName(roleArn: string | null, time: string): string | null {
  const set = roleArn === null ? null : permissionSetOf(roleArn);
  return set && permissionSetName(set.account, set.name, time);
}

/** The name under which Lake Formation says for whom it had this session issued; null for any other issuance. */
export function vendedName({ caller, arn, sessionName }: Issuance): string | null {
  if (caller.type !== 'AWSService' || caller.invokedBy !== lakeFormation || !sessionName) return null;
  const account = accountInArn(arn);
  return account ? lakeFormationName(account, sessionName) : null;
}

/** A credential that stands for a session identified by principal and creation date, not by a key. */
export function isSessionCredential(credential: string): boolean {
  return credential.startsWith('arn:');
}

/** The credential that stands for a session by principal and creation date; null when the record does not tell it. */
export function sessionOf({ arn, creationDate }: Pick<Shown, 'arn' | 'creationDate'>): string | null {
  return arn && creationDate ? sessionCredential(arn, creationDate) : null;
}

/**
 * The sessions a call may belong to whose key no record issued: of its creation date; of the second before too where the
 * record itself says that such keys are no exception.
 */
export function sessionsOf(shown: Shown): string[] {
  const session = sessionOf(shown);
  const before = hasMark(shown) ? secondBefore(shown) : null;
  return [session, before].filter(name => name !== null);
}

/** A creation date was one second later than its issuance in 3 of 215 calls of six real sets, never more. */
export function secondBefore({ arn, creationDate }: Pick<Shown, 'arn' | 'creationDate'>): string | null {
  return arn && creationDate ? sessionCredential(arn, laterBy(-1000, creationDate)) : null;
}

/**
 * The credentials an issuance is known under: its key, and the session it begins, by principal and time. The creation
 * date of a session was the second of its STS event in real logs; that of a console sign-in is looked for within the
 * seconds two clocks were seen to differ. What carries a session on, or only says that somebody has keys, is found with the
 * session that it speaks of.
 */
export function credentialsOf(issuance: Issuance): string[] {
  const { arn, accessKeyId, eventTime, part, joinName, caller } = issuance;
  if (joinName) return [joinName];
  const key = accessKeyId ? [accessKeyId] : [];
  if (part !== 'issuance') {
    const spoken = sessionOf(shownBy(caller));
    if (spoken || key.length > 0) return spoken ? [...key, spoken] : key;
  }
  const skew = accessKeyId ? 0 : clockSkew;
  const seconds = Array.from({ length: 2 * skew + 1 }, (_, n) => millis(eventTime) + (n - skew) * 1000);
  const sessions = arn ? seconds.map(time => sessionCredential(arn, isoSeconds(time))) : [];
  const center = part === 'issuance' ? centerName(issuance.roleArn, eventTime) : null;
  return [...key, ...sessions, ...(center ? [center] : [])];
}

/** Seconds by which two clocks of AWS were seen to differ (call against issuance, creation date against both). */
export const clockSkew = 2;

/**
 * Where our own trail's copy of an event that two accounts log is kept under the id both copies share: a partner's copy
 * under another key is held against it. Null for an event of one account alone.
 */
export function sharedEvent(issuance: Issuance): string | null {
  const { sharedEventID, recipientAccountId, caller, roleArn } = issuance;
  if (sharedEventID === null) return null;
  const accounts = [caller.accountId, roleArn && (parseRoleArn(roleArn)?.account ?? null)];
  const crosses = accounts.some(account => account !== null && account !== recipientAccountId);
  return crosses ? `shared:${sharedEventID}` : null;
}

/** What names an issuance's copy among all of its credential; sorts by time. */
export function issuanceName(issuance: Issuance): string {
  const { eventTime, eventID, recipientAccountId, provenance, created } = issuance;
  const shown = created ? `#${created}` : '';
  return `${eventTime}#${eventID}#${recipientAccountId}#${provenance}${shown}`;
}

function keep(issuances: Map<string, Map<string, Issuance>>, credential: string, issuance: Issuance): void {
  const copies = within(issuances, credential);
  const name = issuanceName(issuance);
  if (!copies.has(name)) copies.set(name, issuance);
}

function within<V>(maps: Map<string, Map<string, V>>, name: string): Map<string, V> {
  const known = maps.get(name);
  if (known) return known;
  const fresh = new Map<string, V>();
  maps.set(name, fresh);
  return fresh;
}

function flatten<V>(maps: Map<string, Map<string, V>>): Map<string, V[]> {
  return new Map([...maps].map(([name, values]) => [name, [...values.values()]]));
}
