import { AccessRefused, type RecordName, type Store } from '../../../cli/queries/store.ts';
import { digestLocation } from '../../../core/digests/digest-key.ts';
import { knownKeys, type PublicKey } from '../../../core/digests/public-keys.ts';
import type { DigestRecord, FileVerdict } from '../../../core/digests/records.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import type { OutstandingAlert } from '../../../core/linking/alert.ts';
import { type ListedRecord, listed, recordName } from '../../../core/linking/listed.ts';
import {
  comparable,
  nameKey,
  nameKinds,
  namesOf,
  roleFiledAs,
  roleNamesOf,
} from '../../../core/linking/names.ts';
import { attemptName, type RefusedAttempt } from '../../../core/linking/refused.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { type CallEntry, type Evidence, timeSortKey } from '../../../core/records/evidence.ts';
import { logKeyParts } from '../../../core/records/log-key.ts';
import { oneRequest } from '../../../core/records/one-request.ts';
import type { Json } from '../../../core/records/read.ts';
import { compactTime, hourOf, type TimeSpan } from '../../../core/records/times.ts';
import { isCalled } from '../../../core/resources/filed.ts';
import { memoryStore as digestStore } from '../../core/digests/memory-store.ts';
import { type HeldRuns, memoryRuns } from './memory-runs.ts';

export const trailBucket = 'cloudtrailbucket-999999999999';

/** A call with the credential that it was made with; `accessKeyId`: the key that its request shows. */
export type HeldCall = CallEntry & { credential: string; accessKeyId?: string | null };

/** A log file that was processed to the end. */
export interface HeldFile {
  bucket: string;
  key: string;
  etag: string;
  execution: string;
  at: string;
  /** of its records; null: not known */
  earliest: string | null;
  /** whether it holds a call that only reads */
  reads: boolean;
}

/** All that a store holds, in any order. */
export interface Held extends HeldRuns {
  evidence: Evidence[];
  calls: HeldCall[];
  answers: SessionAnswer[];
  /** answers of a console session that its keys repeat, by key */
  repeated: Record<string, SessionAnswer[]>;
  alerts: OutstandingAlert[];
  refused: RefusedAttempt[];
  files: HeldFile[];
  verdicts: FileVerdict[];
  digests: DigestRecord[];
  /** of the trail bucket, by key */
  objects: Map<string, { bytes: Buffer; metadata: Record<string, string> }>;
  publicKeys: PublicKey[];
  /** whoever asks may not read the trail bucket */
  denied: boolean;
}

/** The store in plain lists: nothing is filed or indexed, so that what it answers is what the interface says. */
export function memoryStore(held: Partial<Held>): Store {
  const { evidence = [], calls = [], answers = [], repeated = {}, alerts = [], refused = [] } = held;
  const { files = [], verdicts = [], digests = [], objects = new Map(), publicKeys = [] } = held;
  const sessions = [...answers].sort(by(sessionSortKey));
  const isOf = (role: string) => (each: SessionAnswer) =>
    each.roleArn !== null && roleFiledAs(each.roleArn) === roleFiledAs(role);
  const roles = sessions.flatMap(roleNamesOf);
  const named = files.map(file => ({ ...file, ...logKeyParts(file.key) })).sort(by(file => file.time ?? ''));
  const ofAccount = (account: string) => named.filter(file => file.account === account);
  const hours = (account: string) =>
    ofAccount(account).map(({ time = '', region = '' }) => ({ hour: hourOf(isoOf(time)), region }));
  // Made when it is asked for: not every test's records are whole.
  const records = () =>
    evidence
      .filter(({ provenance }) => provenance === 'trail')
      .map(listedOf)
      .sort(by(recordName))
      .reverse();
  const allowed = () => {
    if (held.denied) throw new AccessRefused('denied');
  };
  return {
    ...memoryRuns(held),
    graceMinutes: 60,
    retentionDays: null,
    evidence: {
      event: async id => evidence.filter(({ eventID }) => eventID === id).sort(by(copyOf)),
      records: async names => {
        const name = (each: RecordName) => `${each.eventID} ${each.recipientAccountId} ${each.provenance}`;
        return distinct(names.map(name)).flatMap(asked => evidence.find(each => name(each) === asked) ?? []);
      },
      ofRequest: async request => {
        const found = evidence.filter(each => requestOf(each) === request).sort(by(timeOf));
        return distinct(found.map(({ eventID }) => eventID)).slice(0, 20);
      },
      sessionOfKey: async key =>
        calls.find(call => call.accessKeyId === key && call.credential !== key)?.credential ?? null,
      async *calls(key, { newestFirst = false, limit, from = '' } = {}) {
        const own = calls.filter(call => call.credential === key && timeSortKey(call) >= from);
        const sorted = own.sort(by(timeSortKey));
        yield* (newestFirst ? sorted.reverse() : sorted).slice(0, limit).map(withoutKey);
      },
    },
    records: {
      async *newestFirst(span) {
        yield* records().filter(isWithin(span));
      },
      async *ofResource(name, span) {
        const found = records().filter(each => each.touched.resources.some(one => isCalled(one, name)));
        yield* found.filter(isWithin(span));
      },
      async *ofAddress(address, span) {
        const found = records().filter(
          each => comparable(each.sourceIPAddress ?? '') === comparable(address),
        );
        yield* found.filter(isWithin(span));
      },
    },
    sessions: {
      read: async key => ({
        answers: repeated[key] ?? answers.filter(({ credential }) => credential === key),
      }),
      async *byRole(role, since = '') {
        yield* sessions.filter(isOf(role)).filter(each => sessionSortKey(each) >= since);
      },
      newestOf: async (role, limit) => {
        const found = sessions.filter(isOf(role)).reverse();
        return { answers: found.slice(0, limit), others: Math.max(0, found.length - limit), more: false };
      },
      async *since(since = '') {
        yield* sessions.filter(each => sessionSortKey(each) >= since);
      },
      async *newestFirst(until = '~') {
        yield* sessions.filter(each => sessionSortKey(each) <= until).reverse();
      },
      async *open(status, since = '') {
        yield* sessions.filter(each => each.status === status && sessionSortKey(each) >= since);
      },
    },
    names: {
      find: async name => {
        const said = comparable(name);
        const kindOf = (each: SessionAnswer) => namesOf(each).get(said);
        const found = nameKinds.flatMap(kind => sessions.filter(each => kindOf(each) === kind).reverse());
        const meant = roles.filter(
          role =>
            role.name === said ||
            `${comparable(role.arn)}`.endsWith(`:role/${said}`) ||
            roleFiledAs(role.arn) === said,
        );
        return {
          roles: said === '' ? [] : distinct(meant.map(({ arn }) => arn)),
          sessions: found.map(({ session, credential }) => ({ session, credential })),
          more: false,
        };
      },
      beginning: async (text, limit) =>
        [...sessions]
          .sort(by(({ session }) => comparable(session)))
          .filter(
            ({ session }) => !session.startsWith('arn:') && comparable(session).startsWith(comparable(text)),
          )
          .slice(0, limit)
          .map(({ session, credential }) => ({ session, credential })),
      answersOf: async found =>
        found.map(({ session }) => answers.find(each => each.session === session) ?? null),
      roles: async name =>
        distinct(roles.filter(role => role.name === nameKey(comparable(name))).map(({ arn }) => arn)).sort(),
      async *behind(name, since = '') {
        const who = sessions.filter(each => namesOf(each).get(comparable(name)) === 'who');
        yield* who.filter(each => sessionSortKey(each) >= since);
      },
    },
    alerts: {
      of: async ({ session }) => {
        const found = alerts.find(each => each.session === session);
        return found ? told(found) : null;
      },
      async *newestFirst({ since = '', until = '~' } = {}) {
        const standing = alerts.filter(({ state, at }) => state === 'alerted' && at >= since && at <= until);
        yield* standing.sort(by(({ at }) => at)).reverse();
      },
    },
    refused: {
      async *newestFirst({ since = '', until = '~' } = {}) {
        const known = new Set<string>();
        for (const each of [...refused].sort(by(attemptName)).reverse()) {
          if (attemptName(each) < since || attemptName(each) > until || known.has(each.eventID)) continue;
          known.add(each.eventID);
          yield each;
        }
      },
    },
    ledger: {
      coverage: async (account, from, to) => {
        const found = hours(account).filter(({ hour }) => hour >= hourOf(from) && hour <= hourOf(to));
        const once = new Map(found.map(each => [`${each.hour}#${each.region}`, each]));
        return [...once].sort(by(([place]) => place)).map(([, each]) => each);
      },
      first: async (account, region) => {
        const own = ofAccount(account).filter(file => file.region === region);
        const [first] = own;
        if (!first) return null;
        const earliest = own.filter(({ time }) => time === first.time).flatMap(file => file.earliest ?? []);
        return { time: isoOf(first.time ?? ''), earliest: earliest.sort()[0] ?? null };
      },
      logsReads: async account => ofAccount(account).some(({ reads }) => reads),
      lastHour: async account => hours(account).at(-1)?.hour ?? null,
      async *files(account, region, since) {
        yield* ofAccount(account).filter(file => file.region === region && (file.time ?? '') >= since);
      },
      async *ofFile({ bucket, key }) {
        yield* files.filter(file => file.bucket === bucket && file.key === key);
      },
    },
    integrity: {
      file: async (bucket, key) => verdicts.filter(each => each.bucket === bucket && each.key === key),
      digests: async (account, region, from, to) => {
        const within = digests.filter(
          ({ endTime }) => endTime >= compactTime(from) && endTime <= compactTime(to),
        );
        const places = within.map(each => ({ each, place: digestLocation(each.uri.replace('s3://', '')) }));
        const own = places.filter(({ place }) => place?.account === account && place.region === region);
        return own.map(({ each }) => each).sort(by(({ endTime }) => endTime));
      },
    },
    trail: {
      ...digestStore(objects),
      open: async (bucket, key) => {
        allowed();
        return digestStore(objects).open(bucket, key);
      },
      bucket: trailBucket,
      account: '999999999999',
      publicKeys: async (...asked) => {
        allowed();
        return knownKeys(publicKeys)(...asked);
      },
      async *keys(_, prefix) {
        yield* [...objects.keys()].filter(key => key.startsWith(prefix)).sort();
      },
      folders: async (_, prefix) => {
        const below = [...objects.keys()].filter(key => key.startsWith(prefix));
        const names = below.flatMap(key => /^[^/]+\//.exec(key.slice(prefix.length)) ?? []);
        return distinct(names.map(name => prefix + name)).sort();
      },
    },
  };
}

function by<T>(order: (item: T) => string) {
  return (a: T, b: T) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0);
}

function listedOf({ record, source, provenance, recipientAccountId, digest }: Evidence): ListedRecord {
  const json = JSON.parse(record) as Json;
  const from = { source, provenance, account: recipientAccountId };
  const event = normalize(json, from, new AuditedRoles(['*']), digest);
  return listed(event, json);
}

function isWithin({ since = '', until = '~' }: TimeSpan = {}) {
  return (each: ListedRecord) => recordName(each) >= since && recordName(each) <= until;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function sessionSortKey({ began, session }: SessionAnswer): string {
  return `${began}#${session}`;
}

function copyOf({ recipientAccountId, provenance }: Evidence): string {
  return `${recipientAccountId}#${provenance}`;
}

function timeOf({ record, eventID }: Evidence): string {
  return timeSortKey({ eventTime: String((JSON.parse(record) as Json).eventTime), eventID });
}

function requestOf({ record }: Evidence): string | null {
  const { amends, sharedEventID } = oneRequest(JSON.parse(record) as Json);
  return amends ?? sharedEventID;
}

function withoutKey({ credential: _, accessKeyId: __, ...call }: HeldCall): CallEntry {
  return call;
}

function told({ at: _, ...alert }: OutstandingAlert) {
  return alert;
}

/** `20160405T2045Z` -> `2016-04-05T20:45:00Z` */
function isoOf(time: string): string {
  return time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:00Z');
}
