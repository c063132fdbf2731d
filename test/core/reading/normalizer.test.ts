import fc from 'fast-check';
import { asRecord } from '../../../core/identities/identity.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { TrailAccounts } from '../../../core/reading/accounts.ts';
import { Decision } from '../../../core/reading/decision.ts';
import { normalize, type RecordSource } from '../../../core/reading/normalize.ts';
import { Normalizer } from '../../../core/reading/normalizer.ts';
import { RecordReader } from '../../../core/reading/record-reader.ts';
import { relevance } from '../../../core/reading/relevance.ts';

const account = '111111111111';
const roles = new AuditedRoles(['Audited']);
const accounts = new TrailAccounts([account]);
const from: RecordSource = { source: 's3://b/k', provenance: 'trail', account };

function identity(role: string, key: string) {
  return {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${account}:assumed-role/${role}/s`,
    accessKeyId: key,
    sessionContext: { attributes: { creationDate: '2026-03-04T01:02:03Z' } },
  };
}

const long = 'é'.repeat(500);
// Few values of each, so that records repeat each other; among them what each check refuses.
const record = fc.record(
  {
    eventSource: fc.constantFrom('s3.amazonaws.com', 'sts.amazonaws.com', long, '', 7),
    eventName: fc.constantFrom('GetObject', 'GetCallerIdentity', 'AssumeRole', long, '', null),
    eventType: fc.constantFrom('AwsApiCall', 'AwsCloudTrailInsight', 'AwsVpceEvent'),
    userIdentity: fc.constantFrom(
      identity('Audited', 'ASIA1'),
      identity('Audited', 'ASIA2'),
      identity('Other', 'ASIA3'),
      { type: 1 },
      long,
    ),
    sessionCredentialFromConsole: fc.constantFrom('true', 'false', 'perhaps'),
    recipientAccountId: fc.constantFrom(account, '222222222222', 'none'),
    awsRegion: fc.constantFrom('eu-west-1', 'us-east-1', 3),
    errorCode: fc.constantFrom('AccessDenied', 'Other', '', null, long, 4, '\\ud800'),
    sourceIPAddress: fc.constantFrom('192.0.2.1', '192.0.2.2', long),
    userAgent: fc.constantFrom('cli', long),
    eventID: fc.oneof(fc.uuid(), fc.constantFrom('', 5, long, '\\ud800')),
    eventTime: fc.constantFrom(
      '2026-03-04T01:02:03Z',
      '2026-03-04 01:02:04',
      '2026-02-30T00:00:00Z',
      '',
      9,
      long,
    ),
  },
  {
    requiredKeys: [
      'userIdentity',
      'eventSource',
      'eventName',
      'eventID',
      'eventTime',
      'recipientAccountId',
      'eventType',
    ],
  },
);
const usual = {
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  eventType: 'AwsApiCall',
  userIdentity: identity('Audited', 'ASIA1'),
  recipientAccountId: account,
  eventID: 'e',
  eventTime: '2026-03-04T01:02:03Z',
};
/** Mostly right, so that a wrong value comes after what it is like was read. */
const mostlyRight = fc.tuple(record, fc.subarray(Object.keys(usual))).map(([wild, fields]) => ({
  ...usual,
  ...Object.fromEntries(fields.map(name => [name, wild[name as never]])),
}));

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

test('records say one after the other what each says alone, right or wrong', () => {
  const refused = new Set<string>();
  let kept = 0;
  const reader = new RecordReader('all');
  fc.assert(
    fc.property(fc.array(fc.oneof(record, mostlyRight), { minLength: 2, maxLength: 30 }), records => {
      const normalizer = new Normalizer(from, roles, accounts);
      const decision = new Decision(roles, 'trail');
      for (const [index, given] of records.entries()) {
        // Half of a surrogate pair is written as an escape: raw, it has no UTF-8.
        const text = JSON.stringify(given).replaceAll('\\\\ud800', '\\ud800');
        const hash = `d${index}`;
        const alone = outcome(() => {
          const event = normalize(JSON.parse(text), from, roles, hash);
          accounts.checkRecord(event.recipientAccountId, from);
          return event;
        });
        const bytes = Buffer.from(text);
        const why = outcome(() => relevance(asRecord(JSON.parse(text)), roles, 'trail'));
        // An outcome that is a text is a refusal.
        expect(decision.keeps(bytes, 0, bytes.length)).toBe(typeof why === 'string' ? null : why !== null);
        const among = outcome(() => {
          const { setting, occurrence } = normalizer.normalize(reader.read(bytes, 0, bytes.length), hash);
          return { ...setting, ...occurrence };
        });
        expect(among).toEqual(alone);
        if (typeof alone === 'string') refused.add(alone.split(':')[0] ?? '');
        else kept += 1;
      }
    }),
    { numRuns: 300 },
  );
  // The records are of every kind, or this would show little.
  expect([...refused].sort()).toEqual(
    expect.arrayContaining([
      'AccountMismatch',
      'BadTime',
      'MissingField',
      'NotRelevant',
      'NotUnicode',
      'TooLong',
      'WrongType',
    ]),
  );
  expect(kept).toBeGreaterThan(100);
});

test('calls of one session from one place share their setting', () => {
  const normalizer = new Normalizer(from, roles, accounts);
  const reader = new RecordReader('all');
  const settingOf = (record: object) => {
    const bytes = Buffer.from(JSON.stringify(record));
    return normalizer.normalize(reader.read(bytes, 0, bytes.length), 'd').setting;
  };
  const first = settingOf(usual);
  expect(settingOf({ ...usual, eventID: 'f', eventName: 'PutObject' })).toBe(first);
  const elsewhere = settingOf({ ...usual, sourceIPAddress: '192.0.2.9' });
  expect(elsewhere).not.toBe(first);
  expect(elsewhere).toMatchObject({ sourceIPAddress: '192.0.2.9', caller: first.caller });
});
