import fc from 'fast-check';
import { SpanScanner } from '../../../core/reading/file-span.ts';

const both = { time: true, reads: true };

function spanOf(text: string, cuts: number[] = [], want = both) {
  const scanner = new SpanScanner(want);
  const bytes = Buffer.from(text);
  const places = [...new Set([0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  for (const [n, place] of places.entries())
    scanner.push(bytes.subarray(place, places[n + 1] ?? bytes.length));
  return scanner.span();
}

const file = (...records: object[]) => JSON.stringify({ Records: records });

test('tells the earliest time of a file and that it holds a call which only reads', () => {
  const text = file(
    { eventTime: '2026-09-18T00:03:00Z', readOnly: false },
    { eventTime: '2026-09-17T23:58:10Z', readOnly: true },
    { eventTime: '2026-09-18T00:01:00Z' },
  );
  expect(spanOf(text)).toEqual({ earliest: '2026-09-17T23:58:10Z', reads: true });
});

test('a trail that logs writes alone holds no reads; records before eventVersion 1.02 do not say', () => {
  expect(spanOf(file({ eventTime: '2026-09-18T00:03:00Z', readOnly: false }))).toMatchObject({
    reads: false,
  });
  expect(spanOf(file({ eventTime: '2014-09-18T00:03:00Z' }))).toMatchObject({ reads: true });
});

test.each([
  ['blanks', '{"Records": [ {"eventTime" : "2026-09-18T00:03:00Z", "readOnly" : true} ]}'],
  ['flags as words', '{"Records":[{"eventTime":"2026-09-18T00:03:00Z","readOnly":"true"}]}'],
  ['times as exports write them', '{"Records":[{"eventTime":"2026-09-18 00:03:00.000","readOnly":true}]}'],
])('reads files with %s', (_, text) => {
  expect(spanOf(text)).toEqual({ earliest: '2026-09-18T00:03:00Z', reads: true });
});

test('text inside a string is no field', () => {
  const text = file({
    eventTime: '2026-09-18T00:03:00Z',
    readOnly: false,
    x: '{"eventTime":"2020-01-01T00:00:00Z","readOnly":true}',
  });
  expect(spanOf(text)).toEqual({ earliest: '2026-09-18T00:03:00Z', reads: false });
});

test('a time that is none, and a file without records, tell nothing', () => {
  expect(spanOf(file({ eventTime: '2026-02-31T00:03:00Z', readOnly: false }))).toEqual({
    earliest: null,
    reads: false,
  });
  expect(new SpanScanner(both).span()).toEqual({ earliest: null, reads: false });
});

test('wherever the stream is cut, it tells the same', () => {
  const record = fc.record({
    eventTime: fc
      .integer({ min: 0, max: 5000 })
      .map(s => new Date(Date.UTC(2026, 8, 18) + s * 1000).toISOString().replace('.000', '')),
    readOnly: fc.boolean(),
    filler: fc.string({ maxLength: 90 }),
  });
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(2000), { maxLength: 12 }),
      (records, cuts) => {
        expect(spanOf(file(...records), cuts)).toEqual({
          earliest: records.map(each => each.eventTime).sort()[0],
          reads: records.some(each => each.readOnly),
        });
      },
    ),
  );
});
