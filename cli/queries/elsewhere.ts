import type { ListedRecord } from '../../core/linking/listed.ts';
import { comparable } from '../../core/linking/names.ts';
import type { RefusedAttempt } from '../../core/linking/refused.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { accountInArn, lastPart } from '../../core/records/arn.ts';
import { isCalled } from '../../core/resources/filed.ts';
import { type Activity, activityIn, mostRead } from './activity.ts';
import { isCall } from './answered-calls.ts';
import { mostCandidates } from './lookup-names.ts';
import type { Store } from './store.ts';
import {
  type AddressSummary,
  addressesIn,
  partyKey,
  type ResourceSummary,
  resourcesIn,
} from './summaries.ts';

/** An account that somebody is of, or a role. */
export interface AccountSummary {
  account: string;
  /** sessions of who is of it, and of its roles; at least, where more sessions are here than are read */
  behind: number;
  under: number;
  people: number;
  roles: string[];
}

/** What else is called so: what calls touched, where they came from, whose account it is. */
export interface Elsewhere {
  resources: ResourceSummary[];
  /** how many more resources are called so */
  moreResources: number;
  address: AddressSummary | null;
  account: AccountSummary | null;
  /** records of it that are no calls under an audited role, such as requests for one; the newest, and how many more */
  others: ListedRecord[];
  moreOthers: number;
  /** refused attempts to assume an audited role, by whoever or for whatever is called so; the newest, and how many more */
  refused: RefusedAttempt[];
  moreRefused: number;
  /** counts are of the newest calls, back to this time: there are more; null: of all */
  from: string | null;
  /** the newest sessions of these, and how many more there are */
  sessions: SessionAnswer[];
  more: number;
}

type Asked = Pick<Store, 'records' | 'refused' | 'sessions' | 'ledger' | 'graceMinutes'>;

/** Calls that are looked at, the newest. */
const mostLookedAt = 2_000;
/** Refused attempts that are looked through, the newest. */
const mostAttempts = 10_000;

/** Null where nothing is called so. */
export async function elsewhere(asked: string, store: Asked): Promise<Elsewhere | null> {
  const subject = asked.trim();
  const touched = await newestIn(store.records.ofResource(subject), store);
  const made = await newestIn(store.records.ofAddress(subject), store);
  const ofAccount = /^\d{12}$/.test(subject) ? await accountOf(subject, store) : null;
  const resources = resourcesIn(touched)
    .filter(each => isCalled(each, subject))
    .sort((a, b) => ((a.lastCall ?? '') < (b.lastCall ?? '') ? 1 : -1));
  const [address = null] = addressesIn(made);
  const others = [...new Map([...touched.others, ...made.others].map(each => [each.eventID, each])).values()];
  const attempts = await attemptsBy(subject, store);
  const isKnown = resources.length + others.length + attempts.length > 0 || address || ofAccount;
  if (!isKnown) return null;
  const sessions = new Map<string, SessionAnswer>();
  for (const { answer } of [...touched.sessions, ...made.sessions]) sessions.set(answer.session, answer);
  for (const answer of ofAccount?.sessions ?? []) sessions.set(answer.session, answer);
  const newest = [...sessions.values()].sort((a, b) => (a.began < b.began ? 1 : -1));
  const shown = newest.slice(0, mostCandidates);
  return {
    resources: resources.slice(0, mostCandidates),
    moreResources: Math.max(0, resources.length - mostCandidates),
    address,
    account: ofAccount?.summary ?? null,
    others: others.slice(0, mostCandidates),
    moreOthers: Math.max(0, others.length - mostCandidates),
    refused: attempts.slice(0, mostCandidates),
    moreRefused: Math.max(0, attempts.length - mostCandidates),
    from:
      [touched.from, made.from, ofAccount?.from ?? null]
        .filter(each => each !== null)
        .sort()
        .at(-1) ?? null,
    sessions: shown,
    more: newest.length - shown.length,
  };
}

/** Attempts that begin no session, so that no session's name leads to who made them. */
async function attemptsBy(subject: string, { refused }: Asked): Promise<RefusedAttempt[]> {
  const said = comparable(subject);
  const found: RefusedAttempt[] = [];
  let looked = 0;
  for await (const attempt of refused.newestFirst()) {
    if (looked === mostAttempts) break;
    looked += 1;
    const { caller, account, role, sourceIPAddress, credential } = attempt;
    const names = [caller, lastPart(caller), account, role, lastPart(role), sourceIPAddress, credential];
    if (names.some(name => comparable(name ?? '') === said)) found.push(attempt);
  }
  return found;
}

async function newestIn(
  records: AsyncIterable<ListedRecord>,
  store: Asked,
): Promise<Activity & { others: ListedRecord[] }> {
  const read: ListedRecord[] = [];
  let from: string | null = null;
  for await (const record of records) {
    if (read.length === mostLookedAt) {
      from = read.at(-1)?.eventTime ?? null;
      break;
    }
    read.push(record);
  }
  return { ...(await activityIn(one(read), store)), from, others: read.filter(each => !isCall(each)) };
}

async function* one<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function accountOf(account: string, { sessions }: Asked) {
  const summary = { account, behind: 0, under: 0 };
  const people = new Set<string>();
  const roles = new Set<string>();
  const found: SessionAnswer[] = [];
  let [read, from]: [number, string | null] = [0, null];
  for await (const answer of sessions.newestFirst()) {
    if (read === mostRead.sessions) {
      from = answer.began;
      break;
    }
    read += 1;
    const { origin, roleArn, arn } = answer;
    const isBehind = origin?.accountId === account || accountInArn(origin?.arn ?? null) === account;
    const isUnder = accountInArn(roleArn ?? arn) === account;
    if (isBehind) summary.behind += 1;
    if (isUnder) summary.under += 1;
    if (isBehind && origin) people.add(partyKey(origin));
    if (isUnder && roleArn) roles.add(roleArn);
    if (isBehind || isUnder) found.push(answer);
  }
  if (found.length === 0) return null;
  return { summary: { ...summary, people: people.size, roles: [...roles].sort() }, sessions: found, from };
}
