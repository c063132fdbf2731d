import type { AuditEvent, Issuance } from '../cloudtrail/event.ts';
import type { CredentialAnswers, SessionAnswer } from './answer.ts';
import { answerCall } from './call-answer.ts';
import { type BatchFacts, factsOf, type Use, useOf } from './facts.ts';
import { inParallel } from './parallel.ts';
import { Settling } from './settle.ts';

/** One credential's partition: facts and the answers last derived from them. */
export interface CredentialState extends CredentialAnswers {
  credential: string;
  issuances: Issuance[];
  uses: Use[];
}

/**
 * Where facts and answers live. Reads see every write that was finished before they began (strongly consistent):
 * that is what makes two executions at once end in the same answer.
 */
export interface SessionStore {
  /** Writes facts that are not there yet; widens the times of uses that are. */
  writeFacts(facts: BatchFacts): Promise<void>;
  read(credential: string): Promise<CredentialState>;
  /** the credentials whose answers depend on this one's facts */
  children(credential: string): Promise<string[]>;
  /** Replaces the answers derived from `seen`. False, and nothing written, when others replaced them meanwhile. */
  replace(credential: string, seen: CredentialAnswers, next: CredentialAnswers): Promise<boolean>;
}

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
