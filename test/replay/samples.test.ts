import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const replaySample = (sample: string, out: string, ...more: string[]): Promise<Ran> =>
  inProcess([
    'replay',
    join(project, 'samples', sample, 'input'),
    '--state',
    state,
    '--out',
    join(folder, out),
    ...auditedIn(sample).flatMap(role => ['--roles', role]),
    ...more,
  ]);

/** The roles that the samples' configuration audits; the article knows one of them. */
function auditedIn(sample: string): string[] {
  const { auditedRoles } = readJson<{ auditedRoles: string[] }>(project, 'samples', 'roletrail.json');
  return sample === 'article'
    ? auditedRoles.filter(role => role.endsWith('/CrossAccountTest'))
    : auditedRoles;
}

describe.each(['article', 'incident'])('the sample %s', sample => {
  const expected = readJson<Expected>(project, 'samples', sample, 'expected.json');
  let ran: Ran;

  beforeAll(async () => {
    ran = await replaySample(sample, sample, '--fresh');
  });

  test('is processed whole', () => {
    expect(ran).toMatchObject({ status: 0 });
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
    for (const eventID of expected.denied) expect(ran.out).toContain(eventID);
    const calls = readLines<CallLine>(folder, sample, 'calls.ndjson').map(call => call.eventID);
    expect(report.length).toBeGreaterThan(0);
    expect(calls.filter(eventID => expected.absent.includes(eventID))).toEqual([]);
  });

  test('replayed again, gives the same bytes and counts duplicates', async () => {
    const again = await replaySample(sample, `${sample}-again`);
    expect(again).toMatchObject({ status: 0 });
    for (const file of ['calls.ndjson', 'sessions.ndjson']) {
      expect(readFileSync(join(folder, `${sample}-again`, file))).toEqual(
        readFileSync(join(folder, sample, file)),
      );
    }
    const first = readJson<Summary>(folder, sample, 'summary.json');
    expect(readJson<Summary>(folder, `${sample}-again`, 'summary.json')).toMatchObject({
      records: first.records,
      kept: first.kept,
      duplicates: first.kept,
    });
  });
});
