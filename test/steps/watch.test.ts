import { correlate } from '../../core/linking/correlate.ts';
import type { Announcement } from '../../steps/runtime/announcer.ts';
import { AuditError } from '../../steps/runtime/errors.ts';
import { AlertsTable } from '../../steps/store/alerts-table.ts';
import { EvidenceTable } from '../../steps/store/evidence-table.ts';
import { LedgerTable } from '../../steps/store/ledger-table.ts';
import { SessionsTable } from '../../steps/store/sessions-table.ts';
import { evidenceTable, ledgerTable, sessionsTable } from '../../steps/store/tables.ts';
import { SessionWatch, type Watched } from '../../steps/watch/sessions.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../local/dynamodb-fixture.ts';
import {
  account,
  callRecord,
  claimRecord,
  eventOf,
  issuanceRecord,
  key,
  roleArn,
  sessionArn,
} from './watch-story.ts';

/** Tests, each with tables of its own. */
const stories = 25;
let db: DynamoDbFixture;
let used = 0;

beforeAll(async () => {
  db = await dynamoDbFixture(
    Array.from({ length: stories }, (_, n) => [
      tableOf(`evidence-${n}`, evidenceTable),
      tableOf(`sessions-${n}`, sessionsTable),
      tableOf(`ledger-${n}`, ledgerTable),
    ]).flat(),
  );
});
afterAll(() => db.close());

/** A deployment's tables, and a watch whose clock is set by hand. */
class Story {
  readonly told: Announcement[] = [];
  readonly unknown: string[] = [];
  readonly sessions: SessionsTable;
  readonly #evidence: EvidenceTable;
  readonly #ledger: LedgerTable;
  readonly #alerts: AlertsTable;
  /** what telling fails with */
  failure: Error | null = null;
  /** what reading a session fails with */
  broken: Error | null = null;
  /** sessions that were looked at */
  looked = 0;
  /** what noting that it was told fails with */
  crash: Error | null = null;

  constructor() {
    const n = used++;
    this.sessions = new SessionsTable(db.client, `sessions-${n}`);
    this.#evidence = new EvidenceTable(db.client, `evidence-${n}`);
    this.#ledger = new LedgerTable(db.client, `ledger-${n}`);
    this.#alerts = new AlertsTable(db.client, `sessions-${n}`);
  }

  async arrives(...records: Record<string, unknown>[]): Promise<void> {
    const events = records.map(record => eventOf(record));
    const written = events.map((event, index) => ({ event, text: JSON.stringify(records[index]) }));
    await this.#evidence.write(written, 'story', new Map());
    await correlate(events, this.sessions);
  }

  async claimed(partner: string): Promise<void> {
    await correlate([eventOf(claimRecord(partner), partner)], this.sessions);
  }

  async delivered(
    time: string,
    region = 'us-east-1',
    of = account,
    earliest = '2025-06-02T08:00:00Z',
  ): Promise<void> {
    const file = { bucket: 'trail', key: `${of}_CloudTrail_${region}_${time}_x.json.gz`, etag: 'e' };
    const read = { records: 1, kept: 1, earliest, reads: true };
    await this.#ledger.mark([{ ...file, ...read, roles: 'r', execution: 'story', at: 'now' }]);
  }

  async tick(
    now: string,
    { graceMinutes = 60, lookbackDays = 35, deadline = Number.POSITIVE_INFINITY } = {},
  ): Promise<Watched> {
    const alerts = this.#alerts;
    const crash = this.crash;
    return new SessionWatch(
      {
        sessions: {
          open: (...asked) => this.sessions.open(...asked),
          read: async credential => {
            this.looked += 1;
            if (this.broken) throw this.broken;
            return this.sessions.read(credential);
          },
        },
        evidence: this.#evidence,
        ledger: this.#ledger,
        alerts: crash
          ? {
              notice: (...seen) => alerts.notice(...seen),
              outstanding: since => alerts.outstanding(since),
              explained: (...seen) => alerts.explained(...seen),
              alerted: () => Promise.reject(crash),
              putOff: (...seen) => alerts.putOff(...seen),
              giveUp: (...seen) => alerts.giveUp(...seen),
              cursor: () => alerts.cursor(),
              goOnAt: cursor => alerts.goOnAt(cursor),
            }
          : alerts,
        announcer: {
          tell: async announcement => {
            if (this.failure) throw this.failure;
            this.told.push(announcement);
          },
        },
        graceMinutes,
        lookbackDays,
        log: {
          info: (...[, facts]) => {
            const { reason } = facts as { reason?: string };
            if (reason) this.unknown.push(reason);
          },
          error: () => {},
        },
      },
      new Date(now),
    ).run(deadline);
  }
}

/** A call of a credential that nobody issued, in logs without a gap. */
async function unlinked(record = callRecord()): Promise<Story> {
  const story = new Story();
  await story.delivered('20250602T1005Z');
  await story.arrives(record);
  return story;
}

const nothing: Watched = {
  unexplained: 0,
  waiting: 0,
  alerted: 0,
  explained: 0,
  noCoverage: 0,
  serviceDelivered: 0,
  givenUp: 0,
};

test('a session that stays unlinked is told of once, after its grace period', async () => {
  // Given
  const story = await unlinked();
  // When
  const runs = [
    await story.tick('2025-06-02T10:10:00Z'),
    await story.tick('2025-06-02T11:09:59Z'),
    await story.tick('2025-06-02T11:10:00Z'),
    await story.tick('2025-06-02T11:15:00Z'),
  ];
  // Then
  expect(runs).toEqual([
    { ...nothing, unexplained: 1, waiting: 1 },
    { ...nothing, unexplained: 1, waiting: 1 },
    { ...nothing, unexplained: 1, alerted: 1 },
    { ...nothing, unexplained: 1 },
  ]);
  expect(story.told).toHaveLength(1);
});

test('the alert says who, under which role, since when, and how to look', async () => {
  // Given
  const story = await unlinked();
  // When
  await story.tick('2025-06-02T10:10:00Z', { graceMinutes: 0 });
  // Then
  expect(story.told).toEqual([
    {
      detailType: 'Unlinked session',
      detail: {
        id: expect.stringMatching(/^unlinked-[0-9a-f]{16}$/),
        session: expect.stringMatching(/^ASIAEXAMPLEWATCHED01\.[0-9a-f]{8}$/),
        accessKeyId: key,
        principalArn: sessionArn,
        principalId: 'AROAEXAMPLEWATCHED0001:dana',
        roleArn,
        account,
        look: `roletrail who ${key}`,
        firstSeen: '2025-06-02T10:00:05Z',
        lastSeen: '2025-06-02T10:00:05Z',
        firstCall: {
          eventID: 'c0000000-0000-4000-8000-000000000001',
          eventTime: '2025-06-02T10:00:05Z',
          eventSource: 's3.amazonaws.com',
          eventName: 'ListBuckets',
          awsRegion: 'us-east-1',
          sourceIPAddress: '198.51.100.7',
        },
        flags: [],
        reason: 'no issuance of this credential to this principal was seen',
      },
      subject: `roletrail: unlinked session ${key}`,
      message: expect.stringContaining(`Look closer: roletrail who ${key}`),
    },
  ]);
});

test('an issuance that comes late withdraws the alert, once', async () => {
  // Given
  const story = await unlinked();
  await story.tick('2025-06-02T10:10:00Z', { graceMinutes: 0 });
  // When
  await story.arrives(issuanceRecord());
  const runs = [await story.tick('2025-06-02T10:15:00Z'), await story.tick('2025-06-02T10:20:00Z')];
  // Then
  expect(runs).toEqual([{ ...nothing, explained: 1 }, nothing]);
  const [alert, explanation, ...others] = story.told;
  expect(others).toEqual([]);
  expect(explanation).toMatchObject({
    detailType: 'Unlinked session explained',
    detail: {
      id: `${alert?.detail.id}-explained`,
      alertId: alert?.detail.id,
      session: alert?.detail.session,
      accessKeyId: key,
      status: 'linked',
      issuerEventIDs: ['a0000000-0000-4000-8000-000000000001'],
      origin: { arn: `arn:aws:iam::${account}:user/dana` },
    },
  });
});

test('an issuance that comes within the grace period leaves nothing to tell', async () => {
  // Given
  const story = await unlinked();
  await story.tick('2025-06-02T10:10:00Z');
  // When
  await story.arrives(issuanceRecord());
  const late = await story.tick('2025-06-02T12:00:00Z');
  // Then
  expect(late).toEqual(nothing);
  expect(story.told).toEqual([]);
});

test('where the logs have a gap nothing is told, until the gap is filled', async () => {
  // Given
  const story = new Story();
  await story.arrives(callRecord());
  await story.delivered('20250602T1005Z', 'us-east-1', '111111111111');
  await story.delivered('20250602T1005Z', 'ap-south-1');
  await story.delivered('20250601T1005Z');
  // When
  const gap = await story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 });
  await story.delivered('20250602T1010Z');
  const filled = await story.tick('2025-06-02T12:05:00Z', { graceMinutes: 0 });
  // Then
  expect(gap).toEqual({ ...nothing, unexplained: 1, noCoverage: 1 });
  expect(story.unknown).toEqual([
    'no coverage: no log file named for account 999999999999 in us-east-1 was delivered between 2025-06-02T09:00:00.000Z and 2025-06-02T11:15:00.000Z',
  ]);
  expect(filled).toEqual({ ...nothing, unexplained: 1, alerted: 1 });
});

test('the region the session works in covers it as well', async () => {
  // Given
  const story = new Story();
  await story.arrives(callRecord({ awsRegion: 'eu-west-1' }));
  await story.delivered('20250602T1005Z', 'eu-west-1');
  // When
  const run = await story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 });
  // Then
  expect(run.alerted).toBe(1);
});

test.each([
  [
    'of a service-linked role',
    callRecord(
      {},
      `arn:aws:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    ),
    { ...nothing },
  ],
  [
    'that only a service has used',
    callRecord({ sourceIPAddress: 'config.amazonaws.com' }),
    { ...nothing, unexplained: 1, serviceDelivered: 1 },
  ],
])('a session %s is told apart', async (_, record, expected) => {
  // Given
  const story = await unlinked(record);
  // When
  const run = await story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 });
  // Then
  expect(run).toEqual(expected);
  expect(story.told).toEqual([]);
});

test('what a log says stays on its line in a mail', async () => {
  // Given: an address that would forge a line, and hide what follows
  const story = await unlinked(callRecord({ sourceIPAddress: '192.0.2.1\nstatus: explained\u202e' }));
  // When
  await story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 });
  // Then
  const [told] = story.told;
  expect(told?.message).toContain('from 192.0.2.1\\u{a}status: explained\\u{202e}');
  expect(told?.message.split('\n').filter(line => line.startsWith('status:'))).toEqual([]);
});

test('after a hundred calls by services one by anybody else is an alert', async () => {
  // Given
  const story = new Story();
  await story.delivered('20250602T1005Z');
  const calls = Array.from({ length: 150 }, (_, n) =>
    callRecord({
      eventID: `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      eventTime: `2025-06-02T10:00:${String(n % 60).padStart(2, '0')}Z`,
      sourceIPAddress: 'lambda.amazonaws.com',
    }),
  );
  const last = callRecord({
    eventID: 'd0000000-0000-4000-8000-000000000001',
    eventTime: '2025-06-02T10:30:00Z',
  });
  await story.arrives(...calls);
  expect(await story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 })).toMatchObject({
    serviceDelivered: 1,
  });
  // When
  await story.arrives(last);
  const run = await story.tick('2025-06-02T12:05:00Z', { graceMinutes: 0 });
  // Then
  expect(run).toMatchObject({ alerted: 1, serviceDelivered: 0 });
});

test('any number of open sessions is worked off, oldest first, each run going on where the last one stopped', async () => {
  // Given: keys that nobody issued, one a second: two slices of 200, and one key more. AWS services alone used eight of every ten keys,
  // which cause no alert; the last key of each slice causes one.
  const story = new Story();
  await story.delivered('20250602T1005Z');
  const identity = callRecord().userIdentity as { sessionContext: { attributes: object } };
  const records = Array.from({ length: 401 }, (_, n) => {
    const time = new Date(Date.UTC(2025, 5, 2, 10, 0, n)).toISOString().replace('.000', '');
    const sessionContext = { ...identity.sessionContext, attributes: { creationDate: time } };
    const accessKeyId = `ASIAEXAMPLEOPEN${String(n).padStart(5, '0')}`;
    return callRecord({
      eventID: `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      eventTime: time,
      userIdentity: { ...identity, accessKeyId, sessionContext },
      ...(n % 10 < 8 && { sourceIPAddress: 'lambda.amazonaws.com' }),
    });
  });
  await story.arrives(...records);
  // When: each run is out of time after its first slice
  const late = { graceMinutes: 0, deadline: 0 };
  const runs = [];
  for (let run = 0; run < 3; run += 1) runs.push(await story.tick('2025-06-02T12:00:00Z', late));
  // Then
  const keys = story.told.map(({ detail }) =>
    String((detail as unknown as { accessKeyId: unknown }).accessKeyId),
  );
  expect(keys).toHaveLength(80);
  expect(new Set(keys).size).toBe(80);
  expect(keys[0] && keys[79] && keys[0] < keys[79]).toBe(true);
  expect(runs.map(({ unexplained }) => unexplained)).toEqual([200, 200, 3]);
  expect(runs.map(({ alerted, serviceDelivered }) => alerted + serviceDelivered)).toEqual([200, 199, 2]);
  // And the next one begins anew: what was explained meanwhile is withdrawn.
  expect(await story.tick('2025-06-02T12:05:00Z', { graceMinutes: 0 })).toMatchObject({
    unexplained: 401,
    alerted: 0,
  });
});

test('a session that a service and somebody else have used is an alert', async () => {
  // Given
  const story = await unlinked(callRecord({ sourceIPAddress: 'config.amazonaws.com' }));
  await story.arrives(
    callRecord({
      eventID: 'c0000000-0000-4000-8000-000000000002',
      sourceIPAddress: 'config.amazonaws.com.evil.example',
    }),
  );
  // When
  const run = await story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 });
  // Then
  expect(run.alerted).toBe(1);
});

test('what could not be told is told by the next run; the failure is not kept quiet', async () => {
  // Given
  const story = await unlinked();
  story.failure = new Error('EventBridge is away');
  // When
  const failing = story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 });
  // Then
  await expect(failing).rejects.toThrow('EventBridge is away');
  story.failure = null;
  expect((await story.tick('2025-06-02T12:05:00Z', { graceMinutes: 0 })).alerted).toBe(1);
});

test('a run that ends between telling and noting is repeated under the same id', async () => {
  // Given
  const story = await unlinked();
  story.crash = new Error('the function ran out of time');
  await expect(story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 })).rejects.toThrow('out of time');
  story.crash = null;
  // When
  await story.tick('2025-06-02T12:05:00Z', { graceMinutes: 0 });
  await story.tick('2025-06-02T12:10:00Z', { graceMinutes: 0 });
  // Then
  expect(story.told).toHaveLength(2);
  expect(story.told[1]).toEqual(story.told[0]);
});

test('runs at the same time end in one outstanding alert, told under one id', async () => {
  // Given
  const story = await unlinked();
  // When
  await Promise.all(Array.from({ length: 4 }, () => story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 })));
  const after = await story.tick('2025-06-02T12:05:00Z', { graceMinutes: 0 });
  // Then
  expect(new Set(story.told.map(({ detail }) => detail.id)).size).toBe(1);
  expect(after).toEqual({ ...nothing, unexplained: 1 });
});

test('a session of long ago is left alone', async () => {
  // Given
  const story = await unlinked();
  // When
  const run = await story.tick('2025-07-08T12:00:00Z', { graceMinutes: 0, lookbackDays: 35 });
  // Then
  expect(run).toEqual(nothing);
});

test('an alert is not withdrawn because the session turns out to be older than what is looked at', async () => {
  // Given: a session whose records do not say when it was created
  const identity = { ...(callRecord().userIdentity as object), sessionContext: undefined };
  const call = callRecord({ userIdentity: identity });
  const story = await unlinked(JSON.parse(JSON.stringify(call)));
  await story.delivered('20250601T1005Z');
  await story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0, lookbackDays: 2 });
  const earlier = {
    ...call,
    eventID: 'c0000000-0000-4000-8000-000000000004',
    eventTime: '2025-05-20T10:00:00Z',
  };
  // When
  await story.arrives(JSON.parse(JSON.stringify(earlier)));
  const run = await story.tick('2025-06-02T12:05:00Z', { graceMinutes: 0, lookbackDays: 2 });
  // Then
  expect(story.told.map(({ detailType }) => detailType)).toEqual(['Unlinked session']);
  expect(run).toEqual(nothing);
});

test('facts and answers of a credential stay what they were beside its alert', async () => {
  // Given
  const story = await unlinked();
  const before = await story.sessions.read(key);
  // When
  await story.tick('2025-06-02T12:00:00Z', { graceMinutes: 0 });
  // Then
  expect(await story.sessions.read(key)).toEqual(before);
  expect(await story.sessions.children(key)).toEqual([]);
});

test('an alert says that a partner claims what our own trail does not have, once the grace period is over', async () => {
  // Given
  const story = await unlinked();
  await story.claimed('111111111111');
  // When
  await story.tick('2025-06-02T10:10:00Z', { graceMinutes: 15 });
  const run = await story.tick('2025-06-02T10:25:00Z', { graceMinutes: 15 });
  // Then
  expect(run).toMatchObject({ alerted: 1, waiting: 0 });
  expect(story.told[0]?.detail).toMatchObject({ flags: ['claim-contradicts-trail'] });
  expect(story.told[0]?.message).toContain('claim-contradicts-trail');
  expect(JSON.stringify(story.told)).not.toContain('ceo');
});

/** Runs of the watch, so many minutes apart; how many of them looked at the session, and how many failed. */
async function watched(story: Story, from: string, minutes: number, runs: number) {
  const before = story.looked;
  let failed = 0;
  for (let run = 0; run < runs; run += 1) {
    const now = new Date(Date.parse(from) + run * minutes * 60_000).toISOString();
    await story.tick(now, { graceMinutes: 0 }).catch(() => {
      failed += 1;
    });
  }
  return { looked: story.looked - before, failed };
}

test('a session of which nothing can be read is given up by name, after ten tries', async () => {
  // Given
  const story = await unlinked();
  story.broken = new AuditError('BrokenItem', 'an item of the table has no string "item"');
  // When
  const tried = await watched(story, '2025-06-02T12:00:00Z', 60, 12);
  // Then
  expect(tried).toEqual({ looked: 10, failed: 10 });
  story.broken = null;
  expect(await watched(story, '2025-06-03T12:00:00Z', 60, 2)).toEqual({ looked: 0, failed: 0 });
  expect(story.told).toEqual([]);
});

test('a channel that is away ends nothing: all is told within an hour of its return', async () => {
  const story = await unlinked();
  story.failure = new Error('SNS is away');
  expect(await watched(story, '2025-06-02T12:00:00Z', 60, 14)).toEqual({ looked: 14, failed: 14 });
  // When
  story.failure = null;
  await watched(story, '2025-06-03T02:00:00Z', 60, 1);
  // Then
  expect(story.told.map(({ detailType }) => detailType)).toEqual(['Unlinked session']);
});

test('where the logs have a gap, a session is looked at ever more rarely, and counted in every run', async () => {
  // Given: the next run looks again, then pauses of 4, 8 and 16 minutes
  const story = new Story();
  await story.arrives(callRecord());
  expect(await watched(story, '2025-06-02T12:00:00Z', 5, 5)).toEqual({ looked: 4, failed: 0 });
  const counted = await story.tick('2025-06-02T12:25:00Z', { graceMinutes: 0 });
  expect(counted).toEqual({ ...nothing, unexplained: 1, noCoverage: 1 });
  // When
  await story.delivered('20250602T1005Z');
  await watched(story, '2025-06-02T12:40:00Z', 5, 1);
  // Then
  expect(story.told).toHaveLength(1);
});

test('a session that only services use is looked at in every run: one call by anybody else is told at once', async () => {
  const story = await unlinked(callRecord({ sourceIPAddress: 'config.amazonaws.com' }));
  expect((await watched(story, '2025-06-02T12:00:00Z', 5, 4)).looked).toBe(4);
});
