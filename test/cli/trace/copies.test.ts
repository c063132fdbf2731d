import { join } from 'node:path';
import fc from 'fast-check';
import { CallsInTime } from '../../../cli/trace/state/calls-in-time.ts';
import { Copies } from '../../../cli/trace/state/copies.ts';
import { State } from '../../../cli/trace/state/state.ts';
import { copiesAmong, type RequestRecord } from '../../../core/linking/one-call.ts';
import { temporaryFolder } from './folders.ts';

const folder = temporaryFolder();
let states = 0;

type Kept = RequestRecord & { credential: string | null };

/** A state that holds these records, as a trace would have written them. */
function stateOf(records: readonly Kept[]): State {
  states += 1;
  const state = State.forWriting(join(folder, `${states}.sqlite`));
  state.transaction(() => {
    state.run("INSERT INTO actions VALUES (1, 's3.amazonaws.com', 'GetObject', NULL)");
    for (const [index, record] of records.entries()) {
      const { eventID, recipientAccountId, eventTime, sharedEventID, amends, callerAccount } = record;
      state.run(
        'INSERT INTO settings (setting, account, credential, callerAccount) VALUES (?,?,?,?)',
        ...[index, recipientAccountId, record.credential, callerAccount],
      );
      state.run(
        'INSERT INTO records (row, eventID, copy, time, action, setting, shared, amends) VALUES (?,?,?,?,1,?,?,?)',
        ...[index + 1, eventID, Number(recipientAccountId), eventTime, index, sharedEventID, amends],
      );
    }
  });
  state.index();
  return state;
}

const account = fc.constantFrom('111111111111', '999999999999');
const event = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const kept: fc.Arbitrary<Kept> = fc.record({
  eventID: event,
  recipientAccountId: account,
  eventTime: fc.constantFrom('2025-06-02T10:00:00Z', '2025-06-02T10:00:01Z'),
  sharedEventID: fc.option(fc.constantFrom('s', 't', 'u')),
  amends: fc.option(event, { freq: 2 }),
  callerAccount: fc.option(account),
  credential: fc.option(fc.constant('ASIA'), { freq: 9 }),
});
/** Each event once in an account, in any order. */
const records = fc.uniqueArray(kept, {
  maxLength: 12,
  selector: ({ eventID, recipientAccountId }) => `${eventID} ${recipientAccountId}`,
});

test('records of one call are found in a state as they are among records in memory', () => {
  fc.assert(
    fc.property(records, list => {
      const state = stateOf(list);
      const copies = new Copies(state);
      // Of records of one event, that of the account that sorts first is the call's.
      const calls = list.filter(
        ({ eventID, credential, recipientAccountId: own }) =>
          credential !== null &&
          !list.some(
            other => other.eventID === eventID && other.credential !== null && other.recipientAccountId < own,
          ),
      );
      const found = calls.map(call => [call.eventID, copies.originalOf(call)]);
      const inMemory = copiesAmong(calls);
      expect(found).toEqual(calls.map(({ eventID }) => [eventID, inMemory.get(eventID) ?? null]));
      const shown = [...new CallsInTime(state, copies)].map(call => call.eventID);
      expect(shown.sort()).toEqual(calls.map(({ eventID }) => eventID).sort());
      state.close();
    }),
    { numRuns: 300 },
  );
});

test('what was found of one state of the records is forgotten when it is found anew', () => {
  const own = { eventTime: '2025-06-02T10:00:00Z', amends: null, credential: 'ASIA' };
  const there = { eventID: 'a', sharedEventID: 's', recipientAccountId: '111111111111', callerAccount: null };
  const here = { ...there, eventID: 'b', callerAccount: '999999999999', recipientAccountId: '999999999999' };
  const state = stateOf([
    { ...own, ...there },
    { ...own, ...here },
  ]);
  expect(new Copies(state).originalOf({ ...own, ...there })).toBe('b');
  state.run("DELETE FROM records WHERE eventID = 'b'");
  expect(new Copies(state).originalOf({ ...own, ...there })).toBeNull();
  state.close();
});
