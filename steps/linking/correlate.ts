import type { AuditEvent } from '../cloudtrail/event.ts';
import type { SessionAnswer } from './answer.ts';
import { answerCall } from './call-answer.ts';
import { factsOf } from './facts.ts';
import { inParallel } from './parallel.ts';
import type { SessionStore } from './session-store.ts';
import { Settling } from './settle.ts';
import { useOf } from './use.ts';

export interface Correlated {
  issuances: number;
  /** those whose answers were looked at */
  credentials: Set<string>;
  linked: number;
  unlinked: number;
}

/** Credentials settled at once. */
const width = 16;

/**
 * Ties the batch's credentials to who they were issued to. Facts are written first, then every credential they touch,
 * and all that depend on those in turn, is answered anew from what the store holds: so whoever comes last, an issuance
 * or a call, a parent or a child, finds the other. Cost depends on the credentials in the batch, not on the calls made.
 */
export async function correlate(events: readonly AuditEvent[], store: SessionStore): Promise<Correlated> {
  const facts = factsOf(events);
  await store.writeFacts(facts);
  const settling = new Settling(store);
  await inParallel([...new Set([...facts.issuances.keys(), ...facts.uses.keys()])], width, credential =>
    settling.settle(credential),
  );
  const calls = events.filter(event => event.credential !== null);
  const linked = calls.filter(call => statusOf(call, settling.answered) === 'linked').length;
  const issued = events.filter(event => event.issuance).map(event => event.eventID);
  return {
    issuances: new Set(issued).size,
    credentials: new Set(settling.answered.keys()),
    linked,
    unlinked: calls.length - linked,
  };
}

function statusOf(call: AuditEvent, answered: Map<string, SessionAnswer[]>) {
  const answers = answered.get(call.credential ?? '') ?? [];
  return answerCall({ eventTime: call.eventTime, use: useOf(call).hash }, answers).status;
}
