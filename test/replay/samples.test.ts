import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '@roletrail/local';
import { openState } from '../../cli/deployment/local-cloud.ts';
import { inProcess } from './in-process.ts';
import {
  type CallLine,
  project,
  type Ran,
  readJson,
  readLines,
  type SessionLine,
  type Summary,
  temporaryFolder,
} from './roletrail.ts';

interface Expected {
  calls: (Pick<CallLine, 'eventID' | 'status' | 'issuerEventIDs' | 'origin'> & { chain: string[][] })[];
  sessions: (Pick<
    SessionLine,
    'accessKeyId' | 'sessionName' | 'status' | 'issuerEventIDs' | 'origin' | 'calls' | 'flags'
  > & {
    role: string;
    depth: number;
  })[];
  summary: Record<string, number>;
  denied: string[];
  absent: string[];
}

const folder = temporaryFolder();
const state = join(folder, 'state');

type Sample = 'article' | 'incident';
const samples: Sample[] = ['article', 'incident'];

const replay = (replayed: Sample[], out: string): Promise<Ran> =>
  inProcess([
    'replay',
    ...replayed.map(sample => join(project, 'samples', sample, 'input')),
    '--state',
    state,
    '--out',
    join(folder, out),
    ...[...new Set(replayed.flatMap(auditedIn))].flatMap(role => ['--roles', role]),
  ]);

/** The roles that the samples' configuration audits; the article knows one of them. */
function auditedIn(sample: Sample): string[] {
  const { auditedRoles } = readJson<{ auditedRoles: string[] }>(project, 'samples', 'roletrail.json');
  return sample === 'article'
    ? auditedRoles.filter(role => role.endsWith('/CrossAccountTest'))
    : auditedRoles;
}

const ran = {} as Record<Sample, Ran>;
let again: Ran;
// One for all questions: each command would start its own.
let cloud: Cloud;
beforeAll(async () => {
  for (const sample of samples) ran[sample] = await replay([sample], sample);
  again = await replay(samples, 'again');
  cloud = await openState(state);
});
afterAll(() => cloud.close());

describe.each(samples)('the sample %s', sample => {
  const expected = readJson<Expected>(project, 'samples', sample, 'expected.json');

  test('is processed whole', () => {
    expect(ran[sample]).toMatchObject({ status: 0 });
    expect(readJson<Summary>(folder, sample, 'summary.json')).toMatchObject(expected.summary);
  });

  test('has every call, with its issuers, its chain and its origin', () => {
    const calls = readLines<CallLine>(folder, sample, 'calls.ndjson').map(call => ({
      eventID: call.eventID,
      status: call.status,
      issuerEventIDs: [...call.issuerEventIDs].sort(),
      chain: call.chain.map(hop => [...hop.eventIDs].sort()),
      origin: call.origin,
    }));
    const wanted = expected.calls.map(call => ({
      eventID: call.eventID,
      status: call.status,
      issuerEventIDs: [...call.issuerEventIDs].sort(),
      chain: call.chain.map(ids => [...ids].sort()),
      origin: call.origin && expect.objectContaining(call.origin),
    }));
    const byId = (a: { eventID: string }, b: { eventID: string }) => (a.eventID < b.eventID ? -1 : 1);
    expect(calls.sort(byId)).toEqual(wanted.sort(byId));
  });

  test('has every session', () => {
    const sessions = readLines<SessionLine>(folder, sample, 'sessions.ndjson');
    for (const wanted of expected.sessions) {
      const session = sessions.find(each => each.accessKeyId === wanted.accessKeyId);
      expect(session).toMatchObject({
        sessionName: wanted.sessionName,
        roleArn: wanted.role,
        status: wanted.status,
        calls: wanted.calls,
        flags: wanted.flags,
      });
      expect(session?.chain).toHaveLength(wanted.depth);
    }
    expect(sessions).toHaveLength(expected.sessions.length);
  });

  test('names the refused attempts and says nothing of what is not relevant', () => {
    const report = readFileSync(join(folder, sample, 'calls.ndjson'), 'utf8');
    for (const eventID of expected.denied) expect(ran[sample].out).toContain(eventID);
    const calls = readLines<CallLine>(folder, sample, 'calls.ndjson').map(call => call.eventID);
    expect(report.length).toBeGreaterThan(0);
    expect(calls.filter(eventID => expected.absent.includes(eventID))).toEqual([]);
  });
});

test('replayed again, together, they give the same bytes and count duplicates', () => {
  expect(again).toMatchObject({ status: 0 });
  const text = (out: string, file: string) => readFileSync(join(folder, out, file), 'utf8');
  for (const file of ['calls.ndjson', 'sessions.ndjson']) {
    for (const sample of samples) {
      const lines = new Set(text(sample, file).split('\n'));
      const same = text('again', file)
        .split('\n')
        .filter(line => lines.has(line));
      expect(same.join('\n')).toBe(text(sample, file));
    }
    expect(text('again', file)).toHaveLength(text('article', file).length + text('incident', file).length);
  }
  const firsts = samples.map(sample => readJson<Summary>(folder, sample, 'summary.json'));
  const sum = (count: 'records' | 'kept') => firsts.reduce((total, first) => total + first[count], 0);
  expect(readJson<Summary>(folder, 'again', 'summary.json')).toMatchObject({
    records: sum('records'),
    kept: sum('kept'),
    duplicates: sum('kept'),
  });
});

describe('what can be asked of them', () => {
  const ask = async (...words: string[]) => {
    const ran = await inProcess([...words, '--state', state]);
    expect(ran.status).toBe(0);
    return ran;
  };
  const json = async <T>(...words: string[]): Promise<T[]> =>
    JSON.parse((await ask(...words, '--json')).out) as T[];
  interface Listed {
    eventID: string;
    eventTime: string;
    status: string;
    access: string;
    who: string;
    resources: { id: string }[];
  }

  test('the numbers are those of the replay: sessions, calls, linked and not linked', async () => {
    const { sessions, linkedCalls, unlinkedCalls } = readJson<Summary>(folder, 'again', 'summary.json');
    expect(await json('sessions')).toHaveLength(sessions);
    const calls = await json<Listed>('calls');
    expect(calls.filter(({ status }) => status === 'linked')).toHaveLength(linkedCalls);
    expect(calls).toHaveLength(linkedCalls + unlinkedCalls);
    expect(new Set(calls.map(({ eventID }) => eventID)).size).toBe(calls.length);
    const sum = async (list: string) =>
      (await json<{ calls: number }>(list)).reduce((total, { calls }) => total + calls, 0);
    expect(await sum('roles')).toBe(calls.length);
    expect(await sum('addresses')).toBe(calls.length);
    // A call that is not linked is nobody's.
    const named = calls.filter(({ status }) => status === 'linked' || status === 'delivered');
    expect(await sum('people')).toBe(named.length);
  });

  test('a list that is cut says how much it leaves out, in every form', async () => {
    const all = await json('calls');
    const rest = `1 call and ${all.length - 1} more: --limit N shows more`;
    expect((await ask('calls', '--limit', '1')).out).toContain(rest);
    for (const form of ['--json', '--csv'])
      expect((await ask('calls', '--limit', '1', form)).err).toContain(rest);
    for (const list of ['people', 'roles', 'addresses', 'resources', 'sessions', 'refused'])
      expect((await ask(list, '--limit', '1')).out).toMatch(
        / and \d+ more: --limit N shows more; times are UTC/,
      );
  });

  test('a time filters by what was called in it', async () => {
    const span = ['--since', '2025-03-11T09:18:00Z', '--until', '2025-03-11T09:22:00Z'];
    const calls = await json<Listed>('calls', ...span);
    expect(calls.length).toBeGreaterThan(3);
    for (const { eventTime } of calls)
      expect(eventTime >= '2025-03-11T09:18:00Z' && eventTime < '2025-03-11T09:22:00Z').toBe(true);
    // Both hops of mreyes: the first session began before, and called within.
    expect((await json<{ session: string }>('sessions', ...span)).map(({ session }) => session)).toEqual([
      expect.stringMatching(/^ASIAEXAMPLEMREYESPRD/),
      expect.stringMatching(/^ASIAEXAMPLEDBMAINT01/),
    ]);
    // It called before and after, and not within.
    const gap = ['--since', '2025-03-11T13:05:00Z', '--until', '2025-03-11T13:06:00Z'];
    expect(await json('sessions', ...gap)).toEqual([]);
  });

  test('calls are filtered by what they did, to what, from where and by whom; all filters hold', async () => {
    const backdoor = await json<Listed>(
      'calls',
      '--write',
      '--resource',
      'svc-backup-sync',
      '--person',
      'MREYES',
    );
    expect(backdoor.map(each => (each as unknown as { eventName: string }).eventName).sort()).toEqual([
      'AttachUserPolicy',
      'CreateAccessKey',
      'CreateUser',
    ]);
    const denied = await json<Listed>('calls', '--error', 'accessdenied', '--address', '203.0.113.77');
    expect(denied.length).toBeGreaterThan(1);
    expect(await json('calls', '--error', 'NoSuchBucket')).toEqual([]);
    const objects = await json<Listed>(
      'calls',
      '--action',
      's3:Get*',
      '--resource',
      'HARBOUR-LEDGER',
      '--role',
      'DataAdmin',
    );
    expect(objects.every(({ resources }) => resources.some(({ id }) => id.includes('harbour-ledger')))).toBe(
      true,
    );
    expect(objects.length).toBeGreaterThan(3);
    const session = await json<Listed>('calls', '--session', 'ASIAEXAMPLENOI');
    expect(session.length).toBeGreaterThan(5);
    expect(new Set(session.map(({ who }) => who))).toEqual(new Set(['(unlinked)']));
  });

  // The key of an on-call session was used after its end, from the intruder's address: that makes it nobody's call.
  test('a call outside of its session names nobody', async () => {
    const { out } = await ask('addresses', '203.0.113.77');
    expect(out).toContain('nobody known behind it');
    expect(out).not.toContain('Who');
  });

  test('what is asked for by name and is not there is a sentence, not an empty list', async () => {
    for (const [words, sentence] of [
      [['people', 'nobody'], 'nobody called nobody is behind a session here'],
      [['resources', 'no-bucket'], 'no call here touched no-bucket'],
      [['addresses', '192.0.2.1'], 'no call here came from 192.0.2.1'],
      [['roles', 'NoRole'], 'no session here belongs to a role called NoRole'],
    ] as const) {
      const ran = await inProcess([...words, '--state', state]);
      expect(ran.status).toBe(1);
      expect(ran.err).toContain(sentence);
    }
  });
});
