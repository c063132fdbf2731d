import {
  deliveries,
  isDeniedAttempt,
  isFromConsole,
  isIssuance,
  isKept,
  issuancesOf,
  load,
  partnerRecords,
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

  test('hold each call made with temporary credentials of an audited role, and each hop so made that our own trail has', () => {
    // Given
    const sent = new Set(partnerRecords(sample).map(({ eventID }) => eventID));
    const wanted = delivered.filter(
      record =>
        isTemporary(record) && !sent.has(record.eventID) && (underAuditedRole(record) || isIssuance(record)),
    );
    // Then
    expect(calls.map(({ eventID }) => eventID).sort()).toEqual(sorted(wanted.map(({ eventID }) => eventID)));
  });

  test('hold no call that must not appear', () => {
    // Then
    expect(calls.filter(({ eventID }) => absent.includes(eventID))).toEqual([]);
  });

  test('cite at each hop all records that issued what it was made with, and no others', () => {
    // Then
    for (const { eventID, chain } of calls) {
      let made = byID.get(eventID);
      for (const hop of chain) {
        if (!made) throw new Error(`a hop before ${hop} shows no credential`);
        expect(sorted(hop)).toEqual(sorted(issuancesOf(made, delivered).map(record => record.eventID)));
        made = hop.map(id => byID.get(id)).find(copy => copy?.userIdentity.accessKeyId);
      }
    }
  });

  test('are linked where an issuance was delivered, and not where none was', () => {
    // Then
    for (const { eventID, status, issuerEventIDs, depth, chain } of calls) {
      const issued = issuancesOf(byID.get(eventID) as TrailRecord, delivered);
      expect(sorted(issuerEventIDs)).toEqual(sorted(issued.map(record => record.eventID)));
      expect(status === 'linked').toBe(issued.length > 0);
      expect(depth).toBe(chain.length);
    }
  });

  test('name as origin who the records of the last hop show, and the person a call was made for', () => {
    // Then
    for (const { eventID, chain, origin, status } of calls) {
      const hop = (chain.at(-1) ?? []).map(id => byID.get(id));
      if (!origin) {
        expect(hop).toEqual([]);
        continue;
      }
      if (status === 'delivered') {
        const { userIdentity } = byID.get(eventID) as TrailRecord;
        expect(origin).toEqual({ type: 'DelegatedProvider', ...userIdentity.invokedByDelegate });
        continue;
      }
      const { onBehalfOf, ...shown } = origin;
      const switched = hop.find(record => record?.additionalEventData?.SwitchFrom);
      if (switched) expect(switched.additionalEventData?.SwitchFrom).toBe(shown.arn);
      else {
        expect(hop.map(record => record?.userIdentity)).toContainEqual(expect.objectContaining(shown));
      }
      const { accessKeyId } = byID.get(eventID)?.userIdentity ?? {};
      const persons = delivered
        .filter(({ userIdentity }) => userIdentity.accessKeyId === accessKeyId)
        .map(({ userIdentity }) => userIdentity.onBehalfOf?.userId);
      expect(persons.find(person => person !== undefined)).toBe(onBehalfOf);
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
    const keyOf = (record?: TrailRecord) =>
      record && isFromConsole(record) ? null : record?.userIdentity.accessKeyId;
    const used = Map.groupBy(calls, ({ eventID }) => keyOf(byID.get(eventID)));
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
