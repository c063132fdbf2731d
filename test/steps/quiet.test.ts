import { correlate } from '../../core/linking/correlate.ts';
import type { Announcement } from '../../steps/runtime/announcer.ts';
import { HeardTable } from '../../steps/store/heard-table.ts';
import { LedgerTable } from '../../steps/store/ledger-table.ts';
import { SessionsTable } from '../../steps/store/sessions-table.ts';
import { ledgerTable, sessionsTable } from '../../steps/store/tables.ts';
import { watchQuiet } from '../../steps/watch/quiet.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../local/dynamodb-fixture.ts';
import { claimRecord, eventOf } from './watch-story.ts';

const stories = 6;
let db: DynamoDbFixture;
let used = 0;

beforeAll(async () => {
  db = await dynamoDbFixture(
    Array.from({ length: stories }, (_, n) => [
      tableOf(`sessions-${n}`, sessionsTable),
      tableOf(`ledger-${n}`, ledgerTable),
    ]).flat(),
  );
});
afterAll(() => db.close());

const partner = '111111111111';

class Story {
  readonly told: Announcement[] = [];
  readonly heard: HeardTable;
  readonly #ledger: LedgerTable;
  readonly #sessions: SessionsTable;
  /** what telling fails with */
  failure: Error | null = null;

  constructor() {
    this.heard = new HeardTable(db.client, `sessions-${used}`);
    this.#ledger = new LedgerTable(db.client, `ledger-${used}`);
    this.#sessions = new SessionsTable(db.client, `sessions-${used}`);
    used += 1;
  }

  async file(time: string, account = '999999999999', region = 'us-east-1'): Promise<void> {
    const key = `${account}_CloudTrail_${region}_${time}_x.json.gz`;
    const read = { etag: 'e', records: 1, kept: 1, earliest: null, reads: true };
    await this.#ledger.mark([{ bucket: 'trail', key, ...read, roles: 'r', execution: 'e', at: 'now' }]);
  }

  async partnerSays(eventTime: string): Promise<void> {
    await correlate([eventOf({ ...claimRecord(partner), eventTime }, partner)], this.#sessions);
  }

  tick(now: string, quietMinutes = 180): Promise<number> {
    const announcer = {
      tell: async (announcement: Announcement) => {
        if (this.failure) throw this.failure;
        this.told.push(announcement);
      },
    };
    const deps = { ledger: this.#ledger, heard: this.heard, announcer, quietMinutes, lookbackDays: 35 };
    return watchQuiet(deps, new Date(now));
  }
}

const named = ({ detailType, detail }: Announcement) => [detailType, detail.by, detail.account];

test('nobody is missed before the first delivery', async () => {
  const story = new Story();
  expect(await story.tick('2025-06-02T12:00:00Z')).toBe(0);
  expect(story.told).toEqual([]);
});

test('an account that delivers no more is told of once, and again when it does', async () => {
  // Given: the hour of the last file ends at 11:00
  const story = new Story();
  await story.file('20250602T0905Z');
  await story.file('20250602T1005Z', '999999999999', 'eu-west-1');
  await story.file('20250602T1355Z', '222222222222');
  // When
  const before = await story.tick('2025-06-02T14:00:00Z');
  const quiet = [await story.tick('2025-06-02T14:00:01Z'), await story.tick('2025-06-02T14:05:00Z')];
  // Then
  expect([before, quiet]).toEqual([0, [1, 1]]);
  expect(story.told).toMatchObject([
    {
      detailType: 'Account quiet',
      detail: { by: 'trail', account: '999999999999', lastHeard: '2025-06-02T11:00:00Z' },
      message: expect.stringContaining('Is its trail stopped'),
    },
  ]);
  // When an old file comes late
  await story.file('20250602T1045Z');
  expect(await story.tick('2025-06-02T14:06:00Z')).toBe(1);
  expect(story.told).toHaveLength(1);
  // When
  await story.file('20250602T1405Z');
  const again = [await story.tick('2025-06-02T14:10:00Z'), await story.tick('2025-06-02T14:15:00Z')];
  // Then
  expect(again).toEqual([0, 0]);
  expect(story.told.map(named)).toEqual([
    ['Account quiet', 'trail', '999999999999'],
    ['Account heard again', 'trail', '999999999999'],
  ]);
  expect(story.told[1]?.detail.quietId).toBe(story.told[0]?.detail.id);
  for (const { subject } of story.told) expect(subject).toMatch(/^[ -~]{1,100}$/);
});

test('a partner is heard until its latest event, in whatever order they come', async () => {
  const story = new Story();
  await story.partnerSays('2025-06-02T10:00:00Z');
  await story.partnerSays('2025-06-02T09:00:00Z');
  expect(await story.heard.partners()).toEqual([
    { by: 'partner', account: partner, until: '2025-06-02T10:00:00Z' },
  ]);
  expect(await story.tick('2025-06-02T12:59:59Z')).toBe(0);
  expect(await story.tick('2025-06-02T13:00:01Z')).toBe(1);
  expect(story.told.map(named)).toEqual([['Account quiet', 'partner', partner]]);
});

test('what could not be told is told by the next run, under the same id', async () => {
  const story = new Story();
  await story.file('20250602T1005Z');
  story.failure = new Error('SNS is away');
  await expect(story.tick('2025-06-02T15:00:00Z')).rejects.toThrow('SNS is away');
  story.failure = null;
  await story.tick('2025-06-02T15:05:00Z');
  await story.tick('2025-06-02T15:10:00Z');
  expect(story.told.map(named)).toEqual([['Account quiet', 'trail', '999999999999']]);
});

test('one that stays quiet for longer than is looked back ends without a word', async () => {
  const story = new Story();
  await story.file('20250602T1005Z');
  expect(await story.tick('2025-06-03T00:00:00Z')).toBe(1);
  expect(await story.tick('2025-07-08T00:00:00Z')).toBe(0);
  expect(await story.heard.told()).toEqual(new Map());
  expect(story.told).toHaveLength(1);
});

test('0 minutes switch it off', async () => {
  const story = new Story();
  await story.file('20250602T1005Z');
  expect(await story.tick('2025-06-03T00:00:00Z', 0)).toBe(0);
  expect(story.told).toEqual([]);
});
