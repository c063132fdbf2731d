import {
  deliveries,
  isDeniedAttempt,
  isIssuance,
  isKept,
  load,
  type TrailRecord,
  underAuditedRole,
} from './support.ts';

const isTemporary = (record: TrailRecord) => record.userIdentity.accessKeyId?.startsWith('ASIA') ?? false;
const sorted = (ids: Iterable<string>) => [...new Set(ids)].sort();

describe.each(['article', 'incident'])('the answers of %s', name => {
  const sample = load(name);
  const { calls, sessions, summary, denied, absent } = sample.expected;
  const delivered = deliveries(sample).flatMap(({ records }) => records);
  const byID = new Map(delivered.map(record => [record.eventID, record]));

  test('are about events that are in the input', () => {
    // Given
    const cited = calls.flatMap(call => [call.eventID, ...call.issuerEventIDs, ...call.chain.flat()]);
    // Then
    expect([...cited, ...denied, ...absent].filter(id => !byID.has(id))).toEqual([]);
  });

  test('hold each call made with temporary credentials of an audited role, and each hop so made', () => {
    // Given
    const wanted = delivered.filter(
      record => isTemporary(record) && (underAuditedRole(record) || isIssuance(record)),
    );
    // Then
    expect(calls.map(({ eventID }) => eventID).sort()).toEqual(sorted(wanted.map(({ eventID }) => eventID)));
  });

  test('hold no call that must not appear', () => {
    // Then
    expect(calls.filter(({ eventID }) => absent.includes(eventID))).toEqual([]);
  });

  test('cite issuances alone, of the key each hop was made with', () => {
    // Then
    for (const { eventID, chain } of calls) {
      let key = byID.get(eventID)?.userIdentity.accessKeyId;
      for (const hop of chain) {
        const copies = hop.map(id => byID.get(id));
        expect(copies.map(copy => copy?.responseElements?.credentials?.accessKeyId)).toEqual(
          hop.map(() => key),
        );
        key = copies.find(copy => copy?.userIdentity.accessKeyId)?.userIdentity.accessKeyId;
      }
    }
  });

  test('leave nothing out: all copies of an issuance are cited, and a key without one is unlinked', () => {
    // Given
    const copies = (key?: string) =>
      delivered.filter(
        record => isIssuance(record) && record.responseElements?.credentials?.accessKeyId === key,
      );
    // Then
    for (const { eventID, status, issuerEventIDs, depth, chain } of calls) {
      const issued = copies(byID.get(eventID)?.userIdentity.accessKeyId);
      expect(sorted(issuerEventIDs)).toEqual(sorted(issued.map(record => record.eventID)));
      expect(status === 'linked').toBe(issued.length > 0);
      expect(depth).toBe(chain.length);
    }
  });

  test('name as origin a caller that the last hop of the chain shows', () => {
    // Then
    for (const { chain, origin } of calls) {
      const callers = (chain.at(-1) ?? []).map(id => byID.get(id)?.userIdentity);
      if (origin) expect(callers).toContainEqual(expect.objectContaining(origin));
      else expect(callers).toEqual([]);
    }
  });

  test('name the denied attempts at audited roles', () => {
    // Then
    expect([...denied].sort()).toEqual(
      sorted(delivered.filter(isDeniedAttempt).map(record => record.eventID)),
    );
  });

  test('hold a session for each credential, with the number of its calls', () => {
    // Given
    const used = Map.groupBy(calls, ({ eventID }) => byID.get(eventID)?.userIdentity.accessKeyId);
    // Then
    expect(
      sessions
        .filter(session => session.calls > 0)
        .map(({ accessKeyId }) => accessKeyId)
        .sort(),
    ).toEqual([...used.keys()].sort());
    for (const session of sessions) {
      expect(session.calls).toBe(used.get(session.accessKeyId)?.length ?? 0);
    }
  });

  test('count what is delivered, kept and repeated', () => {
    // Given
    const kept = delivered.filter(isKept);
    // Then
    expect(summary).toEqual({
      files: sample.logs.size,
      records: delivered.length,
      kept: kept.length,
      dropped: delivered.length - kept.length,
      rejected: 0,
      duplicates: kept.length - new Set(kept.map(({ eventID }) => eventID)).size,
      linkedCalls: calls.filter(({ status }) => status === 'linked').length,
      unlinkedCalls: calls.filter(({ status }) => status !== 'linked').length,
      quarantined: 0,
    });
  });
});
