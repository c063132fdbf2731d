import type { Call } from '../../../cli/queries/seen-session.ts';
import { readAnswers, sessionLine } from '../../../cli/replay/answers.ts';
import type { Collected } from '../../../cli/replay/collected.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { hourOf } from '../../../core/records/times.ts';
import { answer, unlinked } from '../fixtures.ts';
import { memoryStore } from '../queries/memory-store.ts';

const call = (eventID: string, eventTime: string, more: Partial<Call> = {}): Call => ({
  eventID,
  recipientAccountId: '999999999999',
  eventTime,
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  accessKeyId: 'ASIAONE',
  credential: 'ASIAONE',
  use: 'use-1',
  errorCode: null,
  awsRegion: 'us-east-1',
  sharedEventID: null,
  amends: null,
  callerAccount: '999999999999',
  ...more,
});

/** What a replay collected, and a store that answers for it. */
function given(calls: Call[], answers: SessionAnswer[], issued: string[] = [], covered = true) {
  const collected = {
    calls: new Map(calls.map(each => [each.eventID, each])),
    credentials: new Set([...calls.map(each => each.credential), ...issued]),
  } as unknown as Collected;
  const { sessions, ledger } = memoryStore({ answers });
  const covering = {
    ...ledger,
    coverage: async (_: string, from: string) => [{ region: 'us-east-1', hour: hourOf(from) }],
    logsReads: async () => true,
  };
  return readAnswers(collected, { sessions, ledger: covered ? covering : ledger, graceMinutes: 0 });
}

describe('the report', () => {
  test('has one line per call, by time and event id, fields in the order of the contract', async () => {
    const calls = [
      call('b', '2025-03-11T09:10:00Z'),
      call('a', '2025-03-11T09:10:00Z'),
      call('c', '2025-03-11T09:05:00Z'),
    ];
    const report = await given(calls, [answer()]);
    expect(report.calls.map(each => each.eventID)).toEqual(['c', 'a', 'b']);
    expect(Object.keys(report.calls[0] ?? {})).toEqual([
      'eventID',
      'recipientAccountId',
      'eventTime',
      'eventSource',
      'eventName',
      'accessKeyId',
      'status',
      'reason',
      'session',
      'issuerEventIDs',
      'chain',
      'origin',
      'mechanism',
      'masked',
      'claims',
      'errorCode',
      'note',
      'copyOf',
    ]);
    expect(report.calls[0]).toMatchObject({
      status: 'linked',
      reason: null,
      session: 'ASIAONE.00000000',
      issuerEventIDs: ['issue-1'],
      chain: answer().chain,
      origin: answer().origin,
    });
  });

  test('has one line per session, used or only issued, with what this replay saw of it', async () => {
    const calls = [call('late', '2025-03-11T09:30:00Z'), call('early', '2025-03-11T09:05:00Z')];
    const unused = answer({
      session: 'ASIANEW.00000000',
      credential: 'ASIANEW',
      accessKeyId: 'ASIANEW',
      uses: [],
    });
    const report = await given(calls, [answer(), unused], ['ASIANEW']);
    const sessions = report.sessions.map(sessionLine);
    expect(sessions.map(each => [each.session, each.firstSeen, each.lastSeen, each.calls])).toEqual([
      ['ASIANEW.00000000', null, null, 0],
      ['ASIAONE.00000000', '2025-03-11T09:05:00Z', '2025-03-11T09:30:00Z', 2],
    ]);
    expect(Object.keys(sessions[0] ?? {})).toEqual([
      'session',
      'accessKeyId',
      'status',
      'roleArn',
      'sessionName',
      'sourceIdentity',
      'issuedAt',
      'expiresAt',
      'issuerEventIDs',
      'chain',
      'origin',
      'firstSeen',
      'lastSeen',
      'calls',
      'flags',
      'mechanism',
      'kind',
      'named',
      'masked',
      'claims',
      'ci',
      'approver',
    ]);
  });

  test('a call after the expiry names its session, but takes no proof from it', async () => {
    const report = await given([call('late', '2025-03-11T11:00:00Z')], [answer()]);
    expect(report.calls[0]).toMatchObject({
      status: 'unlinked',
      reason: 'made after the credential had expired',
      session: 'ASIAONE.00000000',
      issuerEventIDs: [],
      chain: [],
      origin: null,
    });
  });

  test('a call nobody issued the credential of is unlinked, with the reason', async () => {
    const lonely = call('e', '2025-03-11T09:00:00Z', { credential: 'ASIATWO', accessKeyId: 'ASIATWO' });
    const report = await given([lonely], [unlinked()]);
    expect(report.calls[0]).toMatchObject({
      status: 'unlinked',
      reason: 'no issuance of this credential to this principal was seen',
      issuerEventIDs: [],
      chain: [],
      origin: null,
    });
  });

  test('a call that was never correlated says so, every field there', async () => {
    const report = await given([call('e', '2025-03-11T09:00:00Z')], []);
    expect(report.calls[0]).toMatchObject({
      status: 'unlinked',
      session: null,
      issuerEventIDs: [],
      chain: [],
    });
    expect(report.calls[0]?.reason).toBe('the call has not been correlated yet');
  });

  test('says unknown, not unlinked, where nothing was delivered that could explain a session', async () => {
    const calls = [
      call('a', '2025-03-11T14:03:13Z', { accessKeyId: 'ASIATWO', credential: 'ASIATWO', use: 'use-2' }),
    ];
    const answers = [unlinked({ credential: 'ASIATWO', accessKeyId: 'ASIATWO', uses: ['use-2'] })];
    const statuses = async (covered: boolean) =>
      (await given(calls, answers, [], covered)).calls.map(each => each.status);
    expect(await statuses(true)).toEqual(['unlinked']);
    expect(await statuses(false)).toEqual(['unknown']);
  });
});
