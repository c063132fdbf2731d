import fc from 'fast-check';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { factsOf } from '../../../core/linking/facts.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { RecordScanner } from '../../../core/reading/scan.ts';
import { RecordError } from '../../../core/records/read.ts';
import { arrivalOf } from '../../../steps/intake/arrival.ts';
import { AuditError } from '../../../steps/runtime/errors.ts';
import { full } from './cases.ts';
import { account, callOf, issuanceOf } from './recipe.ts';

const numRuns = full ? 200_000 : 3_000;
const roles = new AuditedRoles(['*']);
const origin = { source: 's3://trail/x', provenance: 'trail', account } as const;
const errors = new Set([
  ...[
    'NotJson',
    'NoRecords',
    'TruncatedJson',
    'RecordTooLarge',
    'NotAnObject',
    'MissingField',
    'WrongType',
    'BadTime',
  ],
  ...['NotRelevant', 'TooDeep', 'TooLong', 'NotUnicode', 'UnknownMessage', 'UnknownTopic', 'UnknownAccount'],
  ...['AccountMismatch', 'NoticeOfPartner', 'WrongQueue', 'NotItsOwn', 'NotAKey'],
]);

/** Runs it: what it throws must be a refusal by a known name, in a sentence. */
function named(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RecordError || error instanceof AuditError)) throw error;
    expect(errors).toContain(error.name);
    expect(error.message).not.toBe('');
  }
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'ASIA',
    '\ud800',
    '9999-12-31T23:59:59Z',
    '0000-01-01T00:00:00Z',
    1e300,
    -0,
    '',
  ),
  fc.constantFrom(
    'Success',
    'SwitchRole',
    'ConsoleLogin',
    'signin.amazonaws.com',
    'GetSigninToken',
    'AssumeRoot',
  ),
);

/** A good record with some of its fields, at any depth, put to something odd. */
const mutated = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(fc.nat(60), odd), { minLength: 1, maxLength: 4 }))
  .map(([call, changes]) => {
    const record = call ? callOf('fuzz') : issuanceOf('fuzz');
    for (const [at, value] of changes) {
      const places = placesOf(record);
      const place = places[at % places.length];
      if (place) place.holder[place.name] = value;
    }
    return record;
  });

function placesOf(value: Record<string, unknown>): { holder: Record<string, unknown>; name: string }[] {
  return Object.entries(value).flatMap(([name, field]) => [
    { holder: value, name },
    ...(typeof field === 'object' && field !== null ? placesOf(field as Record<string, unknown>) : []),
  ]);
}

test('a mutated record becomes an event whose facts can be told, or is refused by name', () => {
  let normalized = 0;
  fc.assert(
    fc.property(mutated, record => {
      named(() => {
        const event = normalize(JSON.parse(JSON.stringify(record)), origin, roles);
        factsOf([event]);
        normalized += 1;
      });
    }),
    { numRuns },
  );
  expect(normalized).toBeGreaterThan(numRuns / 50);
});

test('the scanner takes any bytes, however they are cut, and says the same', () => {
  const whole = Buffer.from(JSON.stringify({ Records: [callOf('one'), issuanceOf('two')] }));
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 5 });
  fc.assert(
    fc.property(changes, fc.integer({ min: 1, max: 97 }), fc.boolean(), (flips, size, cut) => {
      const bytes = Buffer.from(whole);
      for (const [at, byte] of flips) bytes[at] = byte;
      const text = cut ? bytes.subarray(0, flips[0]?.[0] ?? bytes.length) : bytes;
      expect(scanned(text, size)).toEqual(scanned(text, text.length + 1));
    }),
    { numRuns: numRuns / 5 },
  );
});

test('the scanner refuses random bytes by name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
      named(() => {
        const scanner = new RecordScanner(() => {});
        scanner.push(Buffer.from(bytes));
        scanner.end();
      });
    }),
    { numRuns },
  );
});

function scanned(text: Buffer, size: number): unknown {
  const records: string[] = [];
  let error = null;
  const scanner = new RecordScanner(record => records.push(record.toString('latin1')));
  try {
    for (let at = 0; at < text.length; at += size) scanner.push(text.subarray(at, at + size));
    scanner.end();
  } catch (thrown) {
    if (!(thrown instanceof RecordError)) throw thrown;
    expect(errors).toContain(thrown.name);
    error = thrown.name;
  }
  return { records, error };
}

test('intake takes any message, or refuses it by name', () => {
  const partnerQueue = 'arn:aws:sqs:us-east-1:999999999999:partner';
  const door = { topics: [`arn:aws:sns:us-east-1:111111111111:t`], account, partnerQueue };
  const queues = fc.constantFrom(partnerQueue, 'arn:aws:sqs:us-east-1:999999999999:trail');
  const bodies = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json({ stringUnit: 'binary' }),
    fc
      .record(
        {
          Type: fc.constantFrom<unknown>('Notification', 1),
          TopicArn: fc.constantFrom<unknown>(door.topics[0], 'x', 1),
          Message: fc.oneof(fc.json(), odd),
          source: fc.constantFrom<unknown>('aws.s3', 1),
          'detail-type': fc.constantFrom<unknown>('Object Created', 'AWS API Call via CloudTrail', 1),
          detail: odd,
          account: fc.constantFrom<unknown>(account, '111111111111', 'x', 1),
          region: odd,
          time: odd,
          s3Bucket: odd,
          s3ObjectKey: odd,
          Records: fc.array(fc.record({ eventSource: fc.constant('aws:s3'), eventName: odd, s3: odd })),
        },
        { requiredKeys: [] },
      )
      .map(value => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(bodies, queues, (body, eventSourceARN) => {
      const attributes = { SentTimestamp: '1' } as never;
      named(() =>
        arrivalOf({ messageId: 'm', body, attributes, messageAttributes: {}, eventSourceARN } as never, door),
      );
    }),
    { numRuns },
  );
});
