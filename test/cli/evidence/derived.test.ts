import { derived } from '../../../cli/evidence/derived.ts';
import type { BundledRecord, Report } from '../../../cli/evidence/format.ts';
import { sha256 } from '../../../core/hash.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { account, issuance, key, call as oneCall } from './story.ts';

const call = (eventID: string, eventTime: string, accessKeyId = key) => ({
  ...oneCall,
  eventID,
  eventTime,
  userIdentity: { ...oneCall.userIdentity, accessKeyId },
});
const own = call('in-time', '2025-03-11T09:30:00Z');
const late = call('late', '2025-03-11T10:30:00Z');
const foreign = call('foreign', '2025-03-11T09:30:00Z', 'ASIAEXAMPLE000000002');

const source = 's3://trail/one.json.gz';
const bundled = (record: { eventID: string }): BundledRecord => {
  const text = JSON.stringify(record);
  return {
    eventID: record.eventID,
    recipientAccountId: account,
    provenance: 'trail',
    source,
    digest: sha256(text),
    record: text,
  };
};

/** What a bundle of these records says: the answer that they lead to, and their calls. */
async function told(...records: { eventID: string }[]): Promise<Report> {
  const store = new MemorySessionStore();
  const origin = { source, provenance: 'trail' as const, account };
  await correlate(
    records.map(record => normalize(record, origin, new AuditedRoles(['*']))),
    store,
  );
  const answer = (await store.read(key)).answers[0];
  if (!answer) throw new Error('no answer');
  const calls = records.map(({ eventID }) => eventID).filter(id => id !== 'issue-1');
  return { answer, calls, integrity: [] };
}

const against = (report: Report, ...records: { eventID: string }[]) => derived(report, records.map(bundled));

test('what the records lead to stands', async () => {
  const report = await told(issuance, own, late);
  expect(report.answer.flags).toEqual(['used-after-expiry']);
  expect(await against(report, issuance, own, late)).toEqual({ problems: [], unchecked: [] });
});

test.each([
  ['expiresAt', '2025-03-11T23:00:00.000Z'],
  ['issuedAt', '2025-03-11T08:00:00.000Z'],
  ['arn', `arn:aws:sts::${account}:assumed-role/Admin/other`],
  ['principalId', 'AROAOTHER:session'],
  ['roleArn', `arn:aws:iam::${account}:role/Reader`],
  ['sessionName', 'other'],
  ['sourceIdentity', 'al'],
  ['accessKeyId', 'ASIAOTHER'],
  ['reason', 'nothing to see'],
])('another %s in the report shows', async (part, value) => {
  const report = await told(issuance, own);
  const { problems } = await against(
    { ...report, answer: { ...report.answer, [part]: value } },
    issuance,
    own,
  );
  expect(problems).toEqual([`the records lead to another ${part}`]);
});

test('a flag that is left out shows; one that the records cannot raise is taken from the report, and said so', async () => {
  const report = await told(issuance, own, late);
  const flagged = (flags: Report['answer']['flags']) =>
    against({ ...report, answer: { ...report.answer, flags } }, issuance, own, late);
  expect((await flagged([])).problems).toEqual([
    'the report omits a flag that its records show: the credential was used after it had expired',
  ]);
  expect(await flagged(['used-after-expiry', 'other-principal-under-key'])).toEqual({
    problems: [],
    unchecked: [expect.stringContaining('rests on records that are not in the bundle')],
  });
});

test('a session whose name is longer because of another of its key and ARN is found without the other', async () => {
  const twin = {
    ...own,
    eventID: 'twin',
    userIdentity: { ...own.userIdentity, principalId: 'AROAFORGED:session' },
  };
  const { answer } = await told(own, twin);
  expect(answer.session).toMatch(/\.[0-9a-f]{8}\.[0-9a-f]{8}$/);
  const [calls, mine] = answer.principalId?.startsWith('AROAFORGED') ? [['twin'], twin] : [['in-time'], own];
  const { problems } = await against({ answer, calls, integrity: [] }, mine);
  expect(problems).toEqual([]);
});

test('a call of somebody else among the calls shows, and so does one of its own that is not', async () => {
  const report = await told(issuance, own);
  const more = { ...report, calls: ['in-time', 'foreign', 'issue-1'] };
  expect((await against(more, issuance, own, foreign)).problems).toEqual([
    'the call foreign does not belong to this session',
    'the call issue-1 does not belong to this session',
  ]);
  expect((await against({ ...report, calls: [] }, issuance, own)).problems).toEqual([
    'the call in-time belongs to this session, but is not listed',
  ]);
});

test('a record that nothing cites shows: a bundle holds what its answer and its calls name', async () => {
  const report = await told(issuance, own);
  expect((await against(report, issuance, own, foreign)).problems).toEqual([
    'nothing cites the record foreign',
  ]);
});
