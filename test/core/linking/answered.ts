import { answerCall } from '../../../core/linking/call-answer.ts';
import { citedBy } from '../../../core/linking/chain.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import type { CredentialAnswers, SessionAnswer } from '../../../core/linking/session-answer.ts';
import { useOf } from '../../../core/linking/use.ts';
import type { AuditEvent } from '../../../core/records/event.ts';

/** What is answered once every event was delivered by itself, in this order. */
export async function answered(events: readonly AuditEvent[]) {
  const store = new MemorySessionStore();
  for (const event of events) await correlate([event], store);
  const made = new Map(events.filter(event => event.credential).map(event => [event.eventID, event]));
  const calls = await Promise.all([...made.values()].map(event => callAnswer(event, store)));
  return { calls, sessions: sessionAnswers(store, calls) };
}

export type AnsweredCall = Awaited<ReturnType<typeof callAnswer>>;

async function callAnswer(event: AuditEvent, store: MemorySessionStore) {
  const { answers } = await store.read(event.credential as string);
  const found = answerCall({ ...event, use: useOf(event).hash }, answers);
  const { chain = [], issuerEventIDs = [], origin = null } = found.answer ?? {};
  return {
    eventID: event.eventID,
    status: found.status,
    issuerEventIDs,
    depth: chain.length,
    origin,
    chain: chain.map(hop => hop.eventIDs),
    joinedBy: chain.map(hop => hop.joinedBy),
    reason: found.reason,
    session: found.session,
    note: found.note,
  };
}

/** Each stored session once. A console session is stored under each of its keys: it must be told the same everywhere. */
function sessionAnswers(store: MemorySessionStore, calls: AnsweredCall[]) {
  const stored = Object.values(store.all() as Record<string, CredentialAnswers>);
  const sessions = new Map<string, SessionAnswer>();
  for (const { uses, ...told } of stored.flatMap(({ answers }) => answers)) {
    const { uses: _, ...before } = sessions.get(told.session) ?? { uses, ...told };
    expect(told).toEqual(before);
    sessions.set(told.session, { ...told, uses });
  }
  return [...sessions.values()].map(each => ({
    ...each,
    onBehalfOf: each.origin?.onBehalfOf ?? null,
    cited: each.chain.flatMap(citedBy),
    chain: each.chain.map(hop => hop.eventIDs),
    joinedBy: each.chain.map(hop => hop.joinedBy),
    claims: (each.claims ?? []).map(claim => claim.eventID),
    asClaimed: each.asClaimed
      ? {
          chain: each.asClaimed.chain.map(hop => hop.eventIDs),
          joinedBy: each.asClaimed.chain.map(hop => hop.joinedBy),
          origin: each.asClaimed.origin,
        }
      : null,
    calls: calls.filter(call => call.session === each.session).length,
  }));
}

export type AnsweredSession = ReturnType<typeof sessionAnswers>[number];
