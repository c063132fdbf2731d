import fc from 'fast-check';
import { Candidates } from '../../../core/reading/candidates.ts';
import { RecordScanner } from '../../../core/reading/scan.ts';

function scan(bytes: Buffer, chunkSize: number): unknown[] {
  const records: unknown[] = [];
  const scanner = new RecordScanner(record => records.push(JSON.parse(record.toString('utf8'))));
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const chunk = Buffer.from(bytes.subarray(at, at + chunkSize));
    scanner.push(chunk);
    // Whoever pushed it may use its memory for the next.
    chunk.fill('"');
  }
  scanner.end();
  return records;
}

const failureOf = (text: string, chunkSize = 7) => {
  try {
    scan(Buffer.from(text), chunkSize);
    return 'no error';
  } catch (error) {
    return (error as Error).name;
  }
};

describe('the record scanner', () => {
  test('finds what JSON.parse finds, whatever the records hold and wherever chunks end', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '},{"eventVersion":"1.08"',
        '"]}',
        '\\',
        '\\"',
        '{"Records":[{"forged":true}]}',
        'é€😀',
      ),
    );
    const value = fc.letrec(tie => ({
      any: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(text, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    const file = fc.record({
      before: fc.dictionary(fc.constantFrom('version', 'Record', 'records', 'é'), value, { maxKeys: 2 }),
      records: fc.array(value, { maxLength: 6 }),
      indent: fc.constantFrom(0, 2, '\t'),
      chunk: fc.integer({ min: 1, max: 40 }),
      escaped: fc.boolean(),
    });
    fc.assert(
      fc.property(file, ({ before, records, indent, chunk, escaped }) => {
        const json = JSON.stringify(
          { ...before, Records: records, after: { Records: ['not these'] } },
          null,
          indent,
        );
        const written = escaped ? json.replace('"Records"', '"\\u0052ecords"') : json;
        const expected = (JSON.parse(json) as { Records: unknown[] }).Records;
        expect(scan(Buffer.from(written), chunk)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('a byte order mark before the document is passed over', () => {
    expect(scan(Buffer.from('\ufeff{"Records":[1]}'), 2)).toEqual([1]);
  });

  test.each([
    ['', 'NotJson'],
    ['   \n', 'NotJson'],
    ['not json', 'NotJson'],
    ['[{"eventName":"x"}]', 'NotJson'],
    ['{"Records":[1 2]}', 'NotJson'],
    ['{"Records":[1,]}', 'NotJson'],
    ['{"Records":[,1]}', 'NotJson'],
    ['{"Records":[1]} {}', 'NotJson'],
    ['{"Records":[1],}', 'NotJson'],
    ['{"Records":[1],"Records":[2]}', 'NotJson'],
    ['{}', 'NoRecords'],
    ['{"records":[1]}', 'NoRecords'],
    ['{"Records":{"a":1}}', 'NoRecords'],
    ['{"digestStartTime":"2015-08-17T14:01:31Z","logFiles":[{"Records":[1]}]}', 'NoRecords'],
    ['{"Records":[{"a":"b"}', 'TruncatedJson'],
    ['{"Records":[{"a":"b', 'TruncatedJson'],
    ['{"Records":[{"a":"b\\', 'TruncatedJson'],
    ['{"Rec', 'TruncatedJson'],
    ['{"Records":[1]', 'TruncatedJson'],
  ])('%j is refused as %s', (text, name) => {
    expect(failureOf(text)).toBe(name);
    expect(failureOf(text, 1)).toBe(name);
  });

  describe('passes records over', () => {
    const words = ['CrossAccountTest', 'sts.amazonaws.com', 'é', 'x', 'signin.amazonaws.com', 'a'.repeat(80)];
    const piece = fc.oneof(
      fc.constantFrom(...words, 'CrossAccountTes', 'stsXamazonaws.com', 'CCrossAccountTest', 'a'.repeat(79)),
      fc.constantFrom('\\', '\\u0041', '\\n', '\\\\u', '"', ' ', '_'.repeat(40)),
      fc.string({ unit: 'binary-ascii', maxLength: 20 }),
    );
    const record = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.array(piece, { maxLength: 6 }).map(pieces => JSON.stringify({ a: pieces.join('') })),
      },
      fc.constantFrom('{}', '1', '"x"', 'null', '[]', '{"a":"\\u0078"}', '{"a":\\u0078}', '{"a":"\\\\"}'),
    );
    const file = fc.record({
      records: fc.array(record, { maxLength: 20 }),
      separator: fc.constantFrom(',', ' ,\n', ',\r\n\t'),
      words: fc.uniqueArray(fc.constantFrom(...words), { minLength: 1 }),
      chunk: fc.constantFrom(3, 50, 64, 200, 100_000),
    });

    test('that hold none of the words and no escape that could hide one, and no others', () => {
      fc.assert(
        fc.property(file, ({ records, separator, words, chunk }) => {
          const bytes = Buffer.from(`{"Records":[${records.join(separator)}]}`);
          const found: string[] = [];
          const scanner = new RecordScanner(each => found.push(each.toString('utf8')), new Candidates(words));
          for (let at = 0; at < bytes.length; at += chunk) scanner.push(bytes.subarray(at, at + chunk));
          scanner.end();
          const matters = (text: string) =>
            !text.startsWith('{') || text.includes('\\u') || words.some(word => text.includes(word));
          expect(found).toEqual(records.filter(matters));
          expect(scanner.records).toBe(records.length);
        }),
        { numRuns: 2_000 },
      );
    });
  });
});
