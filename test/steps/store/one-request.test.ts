import { lookUp } from '../../../cli/queries/lookup.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { EvidenceTable } from '../../../steps/store/evidence-table.ts';
import { IntegrityTable } from '../../../steps/store/integrity-table.ts';
import { LedgerTable } from '../../../steps/store/ledger-table.ts';
import { LookupsTable } from '../../../steps/store/lookups-table.ts';
import { NamesTable } from '../../../steps/store/names-table.ts';
import { RefusedTable } from '../../../steps/store/refused-table.ts';
import { SessionsTable } from '../../../steps/store/sessions-table.ts';
import { evidenceTable, ledgerTable, lookupsTable, sessionsTable } from '../../../steps/store/tables.ts';
import { linkingCases } from '../../core/linking/linking-case.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';

/** A call of ours on a key of another account, as both accounts log it (IAM guide, cloudtrail-integration), and an addendum. */
const [issuance, own] = (linkingCases().find(({ file }) => file === 'exact-key.json')?.records ??
  []) as Record<string, unknown>[];
const identity = own?.userIdentity as Record<string, unknown>;
const shared = { sharedEventID: 'd2e9bc34-d3e8-46e4-ae36-af3095be2509' };
const copy = {
  ...own,
  ...shared,
  eventID: 'c0000000-0000-4000-8000-00000000000b',
  recipientAccountId: '777788889999',
  userIdentity: { type: 'AWSAccount', principalId: identity.principalId, accountId: identity.accountId },
};
const addendum = {
  ...own,
  eventID: 'c0000000-0000-4000-8000-00000000000c',
  responseElements: { instanceId: 'i-0f00dbabe12345678' },
  addendum: { reason: 'UPDATED_DATA', originalEventID: own?.eventID },
};
const records = [issuance, { ...own, ...shared }, copy, addendum];

let db: DynamoDbFixture;
const tables = () => ({
  evidence: new EvidenceTable(db.client, 'evidence'),
  records: new LookupsTable(db.client, 'lookups'),
  refused: new RefusedTable(db.client, 'sessions'),
  sessions: new SessionsTable(db.client, 'sessions'),
  names: new NamesTable(db.client, 'sessions'),
  graceMinutes: 60,
  retentionDays: null,
  ledger: new LedgerTable(db.client, 'ledger'),
  integrity: new IntegrityTable(db.client, 'ledger'),
});

beforeAll(async () => {
  const all = [
    tableOf('evidence', evidenceTable),
    tableOf('sessions', sessionsTable),
    tableOf('ledger', ledgerTable),
    tableOf('lookups', lookupsTable),
  ];
  db = await dynamoDbFixture(all);
  const origin = { source: 's3://trail/x', provenance: 'trail' as const, account: null };
  const events = records.map(record => normalize(record, origin, new AuditedRoles(['*'])));
  const written = events.map((event, n) => ({ event, text: JSON.stringify(records[n]) }));
  await tables().evidence.write(written, 'run', new Map());
  await correlate(events, tables().sessions);
});
afterAll(() => db.close());

test.each([
  ['the caller’s record', () => own?.eventID],
  ['the record of the account whose resource it was, which shows an id alone', () => copy.eventID],
  ['the addendum', () => addendum.eventID],
])('%s leads to the call and its session, with all records of the request', async (_, eventID) => {
  const found = await lookUp(String(eventID()), tables());
  if (found?.kind !== 'event') throw new Error('the event is not found');
  expect(found.call?.status).toBe('linked');
  expect(found.sessions.map(({ origin }) => origin?.arn)).toEqual([
    (issuance as { userIdentity: { arn: string } }).userIdentity.arn,
  ]);
  const ids = found.evidence.map(each => each.eventID);
  expect([...ids].sort()).toEqual([own?.eventID, copy.eventID, addendum.eventID].map(String).sort());
  expect(ids[0]).toBe(eventID());
});

test('the calls of the session have three records and are one call', async () => {
  const key = String(identity.accessKeyId);
  const found = await lookUp(key, tables());
  if (found?.kind !== 'credential') throw new Error('the key is not found');
  expect(found.seenFrom.map(({ calls }) => calls)).toEqual([1]);
});
