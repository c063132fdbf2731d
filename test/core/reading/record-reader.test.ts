import fc from 'fast-check';
import { readCaller } from '../../../core/identities/identity.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize, type RecordSource } from '../../../core/reading/normalize.ts';
import { recordOf } from '../../../core/reading/plain-record.ts';
import { recordFields } from '../../../core/reading/record-fields.ts';
import { RecordReader } from '../../../core/reading/record-reader.ts';
import { relevance } from '../../../core/reading/relevance.ts';
import { linkingCases } from '../linking/linking-case.ts';

const reader = new RecordReader('all');
const decider = new RecordReader('deciding');

/** What the reader says of a text that lies between others. */
function read(text: string, by = reader): unknown {
  const bytes = Buffer.from(text);
  return recordOf(
    by.read(Buffer.concat([Buffer.from('"}]'), bytes, Buffer.from('"]}')]), 3, 3 + bytes.length),
  );
}

const asObject = (value: unknown) => value as Record<string, unknown>;
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same fields, the same values; what the reader is not asked for it may leave out. */
function holdAgainstParse(given: string): void {
  // Half of a surrogate pair has no UTF-8: what is in the bytes counts.
  const text = Buffer.from(given).toString('utf8');
  let wanted: unknown;
  try {
    wanted = JSON.parse(text);
  } catch {
    expect(() => read(text)).toThrow(SyntaxError);
    return;
  }
  const got = read(text);
  if (!isObject(wanted)) expect(got).toEqual(wanted);
  else {
    const pick = (from: unknown) =>
      recordFields.map(name => (Object.hasOwn(asObject(from), name) ? asObject(from)[name] : undefined));
    expect(pick(got)).toEqual(pick(wanted));
  }
}

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('"', '\\', '}{', 'é€😀', '\u2028', 'sts.amazonaws.com', '\ud800', 'AssumeRole', ''),
);
// V8 13.6 (Node 24) reads an escaped name, such as "\\u0041", as one that ends with a backslash where an object with that
// name was parsed before: JSON.parse is not a measure there.
const key = word.filter(text => !text.endsWith('\\'));
const value = fc.letrec(tie => ({
  any: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(true, false, null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(key, tie('any'), { maxKeys: 3 }),
  ),
})).any;
const name = fc.oneof(fc.constantFrom(...recordFields, '__proto__', 'constructor', 'userIdentit'), key);
// Written by hand, so that a name may come twice: the last one counts.
const object = fc
  .array(fc.tuple(name, value, fc.constantFrom('', ' ', '\n\t', '\r')), { maxLength: 8 })
  .map(fields => {
    const written = fields.map(
      ([key, field, space]) =>
        `${space}${JSON.stringify(key)}${space}:${space}${JSON.stringify(field)}${space}`,
    );
    return `{${written.join()}}`;
  });

describe('the record reader', () => {
  test('reads the fields as JSON.parse does', () => {
    fc.assert(fc.property(object, holdAgainstParse), { numRuns: 1_000 });
  });

  test('refuses what JSON.parse refuses, whichever byte is wrong', () => {
    const signs = [...'"\\{}[]:,.-+0123eEtfnu/ \n', '\u0001', '\u001f', '\u007f', 'é', '\u00a0', '\ufeff'];
    const damage = fc.record({
      text: object,
      at: fc.nat(),
      cut: fc.integer({ min: 0, max: 2 }),
      sign: fc.constantFrom('', ...signs),
    });
    fc.assert(
      fc.property(damage, ({ text, at, cut, sign }) => {
        const place = at % text.length;
        holdAgainstParse(text.slice(0, place) + sign + text.slice(place + cut));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '01',
    '-',
    '-0',
    '1.',
    '.5',
    '1e',
    '1e+',
    '1E-5',
    '-0.0e0',
    '+1',
    'nul',
    'nulll',
    'truefalse',
    'True',
    '"\\u12G4"',
    '"\\u123"',
    '"\\x41"',
    '"tab\there"',
    '"\\ud83d\\ude00"',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{"a"}',
    '{1:2}',
    "'a'",
    '[1 2]',
    '{"a":1 "b":2}',
    `${'['.repeat(200)}${']'.repeat(200)}`,
    '',
    ' ',
    '"',
  ])('a field that is %j is read or refused as JSON.parse does', field => {
    holdAgainstParse(`{"userIdentity":${field},"eventName":"x"}`);
    holdAgainstParse(`{"other":${field},"eventName":"x"}`);
    holdAgainstParse(field);
  });

  test.each([
    '{"event\\u004eame":"hidden","eventName":"shown"}',
    '{"eventName":"first","event\\u004eame":"last"}',
    '{"a":{"eventName":"inside"},"eventName":"outside"}',
    '{"eventName":"x"} {}',
    '{"eventName":"x"}}',
    '\ufeff{"eventName":"x"}',
  ])('%s', text => holdAgainstParse(text));

  test('bytes that are not UTF-8 read as they do in the whole text', () => {
    const bytes = Buffer.from([...Buffer.from('{"eventName":"'), 0xc3, 0x28, 0xff, ...Buffer.from('"}')]);
    expect(recordOf(reader.read(bytes, 0, bytes.length))).toMatchObject(JSON.parse(bytes.toString('utf8')));
  });

  test('a record larger than any of CloudTrail is read all the same', () => {
    const long = 'x'.repeat(5_000_000);
    expect(read(`{"eventName":"${long}"}`)).toMatchObject({ eventName: long });
  });

  test.each(linkingCases())('$name: a record read says what the whole record says', ({ roles, records }) => {
    const audited = new AuditedRoles(roles);
    const from: RecordSource = { source: 's', provenance: 'trail', account: null };
    for (const record of records) {
      const got = asObject(read(JSON.stringify(record)));
      const why = relevance(record, audited, 'trail');
      expect(relevance(asObject(read(JSON.stringify(record), decider)), audited, 'trail')).toEqual(why);
      expect(relevance(got, audited, 'trail')).toEqual(why);
      if (why) expect(normalize(got, from, audited, 'd')).toEqual(normalize(record, from, audited, 'd'));
    }
  });

  test('records of one identity share its caller, but not what each says of the console beside it', () => {
    const userIdentity = {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::1:assumed-role/r/s',
      sessionContext: { attributes: { creationDate: '2026-03-04T01:02:03Z' } },
    };
    const call = { eventSource: 's3.amazonaws.com', eventName: 'GetObject', userIdentity };
    const asked = ['true', undefined, 'false', 'true', undefined];
    const callers = asked.map(sessionCredentialFromConsole =>
      readCaller(asObject(read(JSON.stringify({ ...call, sessionCredentialFromConsole })))),
    );
    expect(callers.map(caller => caller.session?.fromConsole)).toEqual([true, false, false, true, false]);
    expect(callers[4]).toBe(callers[1]);
    expect(callers[1]).toEqual(readCaller(call));
  });

  test('values repeat or not, short and long, more of them than are kept: each record says its own', () => {
    // Lengths around eight, because texts are told apart eight bytes at a time; 9,000 are more than are kept at all.
    const values = Array.from(
      { length: 5_000 },
      (_, n) => `${'v'.repeat(n % 500 === 7 ? 9_000 : n % 33)}${n >> 2}`,
    );
    for (const [n, userName] of [...values, ...values.slice(0, 3_000)].entries()) {
      const record = { eventName: values[n % 50], userIdentity: { userName }, userAgent: userName };
      expect(read(JSON.stringify(record))).toMatchObject(record);
    }
  });

  test('an identity that cannot be read is refused each time', () => {
    const text = '{"eventName":"x","userIdentity":{"type":1}}';
    for (const _ of [1, 2]) expect(() => readCaller(asObject(read(text)))).toThrow('userIdentity.type');
  });
});
