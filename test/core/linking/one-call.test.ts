import fc from 'fast-check';
import { copiesAmong, type RequestRecord } from '../../../core/linking/one-call.ts';

const record = (eventID: string, more: Partial<RequestRecord> = {}): RequestRecord => ({
  eventID,
  recipientAccountId: '999999999999',
  eventTime: '2025-06-02T10:00:00Z',
  sharedEventID: null,
  amends: null,
  callerAccount: '999999999999',
  ...more,
});

test.each<[string, RequestRecord[], Record<string, string>]>([
  ['calls of one record each', [record('a'), record('b')], {}],
  [
    'the record of the caller’s own account stands for both accounts’',
    [
      record('a', { sharedEventID: 's', recipientAccountId: '111111111111' }),
      record('b', { sharedEventID: 's' }),
    ],
    { a: 'b' },
  ],
  ['an addendum is of what it completes', [record('a', { amends: 'b' }), record('b')], { a: 'b' }],
  ['an addendum whose call is in other logs stands for it', [record('a', { amends: 'b' })], {}],
  [
    'two addenda without their call are one',
    [record('x', { amends: 'b', eventTime: '2025-06-02T10:00:01Z' }), record('y', { amends: 'b' })],
    { x: 'y' },
  ],
  [
    'addenda of both accounts’ records, and of an addendum, are of one call',
    [
      record('a', { sharedEventID: 's' }),
      record('b', { sharedEventID: 's', recipientAccountId: '111111111111' }),
      record('c', { amends: 'b', recipientAccountId: '111111111111' }),
      record('d', { amends: 'c' }),
    ],
    { b: 'a', c: 'a', d: 'a' },
  ],
  ['a record that says it completes itself is a call', [record('a', { amends: 'a' })], {}],
])('%s', (_, records, copies) => {
  expect(Object.fromEntries(copiesAmong(records))).toEqual(copies);
  expect(Object.fromEntries(copiesAmong([...records].reverse()))).toEqual(copies);
});

test('ten thousand addenda, each of the one before, are one call within bounded work', () => {
  const chain = Array.from({ length: 10_000 }, (_, n) =>
    record(`e${n}`, n > 0 ? { amends: `e${n - 1}` } : {}),
  );
  const copies = copiesAmong(chain.reverse());
  expect(copies.size).toBe(9_999);
  expect(new Set(copies.values())).toEqual(new Set(['e0']));
});

test('any order says the same, whatever forged records say', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const forged = fc.uniqueArray(
    fc.record({
      eventID: name,
      sharedEventID: fc.option(fc.constantFrom('s', 't')),
      amends: fc.option(name),
      own: fc.boolean(),
    }),
    { selector: each => each.eventID },
  );
  fc.assert(
    fc.property(
      forged.chain(list =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      ([list, shuffled]) => {
        const records = (each: typeof list) =>
          each.map(({ own, ...said }) =>
            record(said.eventID, { ...said, callerAccount: own ? '999999999999' : null }),
          );
        const copies = copiesAmong(records(list));
        expect(new Map([...copiesAmong(records(shuffled))].sort())).toEqual(new Map([...copies].sort()));
        // What stands for a call is not a copy itself.
        for (const original of copies.values()) expect(copies.has(original)).toBe(false);
      },
    ),
  );
});
