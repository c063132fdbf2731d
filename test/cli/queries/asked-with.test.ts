import { type AskedWith, askedWith } from '../../../cli/queries/asked-with.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { answer, hop } from '../fixtures.ts';
import { memoryStore } from './memory-store.ts';

const issuance = (eventID: string, requestParameters: object) => ({
  eventID,
  recipientAccountId: '999999999999',
  provenance: 'trail' as const,
  digest: 'd',
  source: 's3://b/k',
  execution: 'x',
  record: JSON.stringify({ eventID, requestParameters }),
});
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const store = memoryStore({
  evidence: [
    issuance('plain', { durationSeconds: 900 }),
    issuance('managed', { policyArns: [{ arn: readOnly }] }),
    issuance('inline', { policy: '{"Version":"2012-10-17"}' }),
  ],
});
const session = (name: string, externalId?: string): SessionAnswer => ({
  ...answer(),
  session: name,
  issuerEventIDs: [name],
  chain: [
    hop('Inner', ['x'], '2025-03-11T09:00:00Z'),
    { ...hop('Outer', ['y'], '2025-03-11T08:00:00Z'), ...(externalId ? { externalId } : {}) },
  ],
});

async function* given() {
  yield session('plain', 'vendor-7');
  yield session('managed', 'Vendor-7');
  yield session('inline');
  yield session('nobody-issued');
}
const names = async (asked: AskedWith) =>
  (await Array.fromAsync(askedWith(given(), asked, store))).map(each => each.session);

test.each<[string, AskedWith, string[]]>([
  ['nothing: all of them, in their order', {}, ['plain', 'managed', 'inline', 'nobody-issued']],
  ['an external id, of any hop, in its own case', { externalId: 'vendor-7' }, ['plain']],
  ['any session policy', { sessionPolicy: true }, ['managed', 'inline']],
  ['a session policy by ARN', { sessionPolicy: readOnly }, ['managed']],
  ['a session policy by name, in any case', { sessionPolicy: 'readonlyaccess' }, ['managed']],
  ['a part of a name', { sessionPolicy: 'ReadOnly' }, []],
  ['both', { externalId: 'Vendor-7', sessionPolicy: true }, ['managed']],
])('sessions that were asked for with %s', async (_, asked, expected) => {
  expect(await names(asked)).toEqual(expected);
});
