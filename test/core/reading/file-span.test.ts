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

test('text inside a string is not a field', () => {
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

/** All fields of this name, however deep, as a naive reader finds them. */
function allTimes(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.entries(value).flatMap(([name, inner]) => [
    ...(name === 'eventTime' && typeof inner === 'string' ? [inner] : []),
    ...allTimes(inner),
  ]);
  return own.flatMap(each => (isTime(each) ? [`${each.slice(0, 10)}T${each.slice(11, 19)}Z`] : [each]));
}

const isTime = (text: string) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?$/.test(text);

const blank = fc.constantFrom('', ' ', '\n', '\t ', '\r\n');
const second = fc
  .integer({ min: 0, max: 200_000_000 })
  .map(s => new Date(Date.UTC(2022, 8, 18) + s * 1000).toISOString());
const timeText = fc.oneof(
  { weight: 6, arbitrary: second.map(text => text.replace('.000', '')) },
  { weight: 1, arbitrary: second.map(text => text.replace('T', ' ').replace('Z', '')) },
  { weight: 1, arbitrary: second },
  // What is none, and what is none of the length of one.
  { weight: 1, arbitrary: fc.constantFrom('', 'never', '0000000000000000000Z', 'zzzz-09-18T00:03:00Z') },
);
const confusing = fc.oneof(
  fc.string({ maxLength: 70 }),
  fc.constantFrom(
    '"eventTime":"2001-01-01T00:00:00Z"',
    '"eventTime',
    'eventTime',
    'eventTime":"2001-01-01T00:00:00Z',
    'vvvvTTTTeventT',
    '\\',
  ),
  timeText,
);

interface Odd {
  time: string;
  name: string;
  filler: string;
  nested: string | null;
  blanks: [string, string, string];
  first: boolean;
}

const odd: fc.Arbitrary<Odd> = fc.record({
  time: timeText,
  name: fc.constantFrom('eventTime', 'eventTimes', 'eventtime', 'xeventTime', 'eventTim'),
  filler: confusing,
  nested: fc.option(timeText, { nil: null }),
  blanks: fc.tuple(blank, blank, blank),
  first: fc.boolean(),
});

/** A record as somebody may write it by hand, with blanks wherever JSON allows them. */
function oddText({ time, name, filler, nested, blanks: [a, b, c], first }: Odd): string {
  const named = `"eventTime"${a}:${b}${JSON.stringify(time)}`;
  const other = `${JSON.stringify(`${name}s`)}${a}:${JSON.stringify(time)}`;
  const rest = `${c}"x":${JSON.stringify(filler)},${other}`;
  const inner = nested === null ? '{}' : `{"y":[{"eventTime"${c}:${a}${JSON.stringify(nested)}}]}`;
  return first ? `{${named},${rest},"p":${inner}}` : `{"p":${inner},${rest},${c}${named}${b}}`;
}

test('of odd files, cut anywhere, it tells what a reader of every field finds: no later than any record', () => {
  fc.assert(
    fc.property(
      fc.array(odd, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(3000), { maxLength: 12 }),
      (records, cuts) => {
        // Given
        const text = `{"Records":[${records.map(oddText).join(', ')}]}`;
        const times = allTimes(JSON.parse(text)).filter(isTime).sort();
        const own = records.flatMap(({ time }) => allTimes({ eventTime: time })).filter(isTime);
        // When
        const { earliest } = spanOf(text, cuts, { time: true, reads: false });
        // Then
        expect(earliest).toBe(times[0] ?? null);
        for (const time of own) expect(String(earliest) <= time).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a file of many chunks, each larger than what is held over, tells the same as one piece', () => {
  const at = (n: number) =>
    new Date(Date.UTC(2026, 8, 18) - ((n * 7919) % 5000) * 1000).toISOString().replace('.000', '');
  const text = file(
    ...Array.from({ length: 5000 }, (_, n) => ({ n, x: 'v'.repeat(n % 97), eventTime: at(n) })),
  );
  const whole = spanOf(text);
  expect(whole.earliest).toBe('2026-09-17T22:36:41Z');
  for (const size of [75, 76, 1024, 65_536]) {
    const cuts = Array.from({ length: Math.floor(text.length / size) }, (_, n) => n * size);
    expect(spanOf(text, cuts)).toEqual(whole);
  }
});
