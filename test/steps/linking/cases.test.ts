import type { AuditEvent } from '../../../steps/cloudtrail/event.ts';
import { answerCall } from '../../../steps/linking/call-answer.ts';
import { correlate } from '../../../steps/linking/correlate.ts';
import { useOf } from '../../../steps/linking/facts.ts';
import { MemorySessionStore } from '../../../steps/linking/memory-store.ts';
import { type ExpectedCall, eventsOf, type LinkingCase, linkingCases } from './linking-case.ts';

const cases = linkingCases();

async function run(
  each: LinkingCase,
): Promise<{ calls: ExpectedCall[]; denied: { eventID: string; role: string | null }[] }> {
  const store = new MemorySessionStore();
  const events = eventsOf(each);
  for (const event of events) await correlate([event], store);
  const made = new Map<string, AuditEvent>();
  for (const event of events) if (event.credential) made.set(event.eventID, event);
  const calls = [...made.values()].map(async event => {
    const { answers } = await store.read(event.credential as string);
    const { status, answer } = answerCall({ eventTime: event.eventTime, use: useOf(event).hash }, answers);
    const origin = Object.entries(answer?.origin ?? {}).filter(([, value]) => value !== null);
    return {
      eventID: event.eventID,
      status,
      issuerEventIDs: answer?.issuerEventIDs ?? [],
      depth: answer?.chain.length ?? 0,
      origin: answer?.origin ? Object.fromEntries(origin) : null,
      chain: (answer?.chain ?? []).map(hop => hop.eventIDs),
    };
  });
  const denied = events
    .filter(event => event.denied)
    .map(event => ({ eventID: event.eventID, role: event.denied }));
  return { calls: await Promise.all(calls), denied };
}

const byID = (a: { eventID: string }, b: { eventID: string }) => (a.eventID < b.eventID ? -1 : 1);

describe('linking, case by case', () => {
  test('there are cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(30);
  });

  test.each(cases)('$name', async each => {
    // Given each record delivered by itself, in the order of the case
    const { calls, denied } = await run(each);
    expect(calls.map(call => call.eventID).sort()).toEqual(
      each.expected.calls.map(call => call.eventID).sort(),
    );
    const wanted = [...each.expected.calls].sort(byID);
    for (const [index, call] of calls.sort(byID).entries()) {
      const { origin, ...want } = wanted[index] as ExpectedCall;
      expect(call).toMatchObject({ ...want, issuerEventIDs: [...want.issuerEventIDs].sort() });
      if (origin) expect(call.origin).toMatchObject(origin);
      else expect(call.status).not.toBe('linked');
    }
    expect(denied).toEqual(each.expected.denied ?? []);
    for (const absent of each.expected.absent ?? [])
      expect(calls.map(call => call.eventID)).not.toContain(absent);
  });
});
