import { RolesSeen } from '../../../cli/replay/roles-seen.ts';
import type { AuditEvent } from '../../../core/records/event.ts';

const role = 'arn:aws:iam::999999999999:role/team/ingest/DataLake';

const event = (fields: object) =>
  ({
    caller: { arn: null, session: null },
    issuance: null,
    denied: null,
    ...fields,
  }) as unknown as AuditEvent;

function missing(fields: object, asked: string) {
  const seen = new RolesSeen();
  seen.add(event(fields));
  return seen.missing([asked]);
}

test.each([
  ['a call', { caller: { arn: null, session: { issuer: { arn: role } } } }],
  [
    'a call whose record leaves the issuer out',
    { caller: { arn: 'arn:aws:sts::999999999999:assumed-role/DataLake/s', session: null } },
  ],
  ['an issuance', { issuance: { roleArn: role, arn: null } }],
  [
    'an issuance by the session alone',
    { issuance: { roleArn: null, arn: 'arn:aws:sts::999999999999:assumed-role/DataLake/s' } },
  ],
  ['a refused attempt', { denied: role }],
])('%s tells of the role, as people write it', (_, fields) => {
  for (const asked of ['DataLake', 'datalake', 'arn:aws:iam::999999999999:role/DataLake', '*'])
    expect(missing(fields, asked)).toEqual([]);
  expect(missing(fields, 'DataLak')).toEqual(['DataLak']);
});

test('where there are more roles than are remembered, none is called missing', () => {
  const seen = new RolesSeen();
  for (let i = 0; i < 10_001; i += 1)
    seen.add(event({ denied: `arn:aws:iam::999999999999:role/Forged${i}` }));
  expect(seen.missing(['Late'])).toEqual([]);
});
