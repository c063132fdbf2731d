import type { AuditEvent } from '../cloudtrail/event.ts';
import { answerCall } from './call-answer.ts';
import { FactCollector } from './facts.ts';
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

/** What linking needs of a batch of events, taken in one by one; the events themselves are not kept. */
export class LinkingBatch {
  readonly #facts = new FactCollector();
  readonly #calls: { credential: string; eventTime: string; use: string }[] = [];
  readonly #issued = new Set<string>();
  #events = 0;

  add(event: AuditEvent): void {
    const { credential, eventTime, issuance, eventID } = event;
    this.#events += 1;
    this.#facts.add(event);
    if (issuance) this.#issued.add(eventID);
    if (credential !== null) this.#calls.push({ credential, eventTime, use: useOf(event).hash });
  }

  /** events so far */
  get size(): number {
    return this.#events;
  }

  /**
   * Ties the batch's credentials to who they were issued to. Facts are written first, then every credential they touch,
   * and all that depend on those in turn, is answered anew from what the store holds: so whoever comes last, an issuance
   * or a call, a parent or a child, finds the other. Cost depends on the credentials in the batch, not on the calls made.
   */
  async correlate(store: SessionStore): Promise<Correlated> {
    const facts = this.#facts.facts();
    await store.writeFacts(facts);
    const settling = new Settling(store);
    await settling.settle([...facts.issuances.keys(), ...facts.uses.keys()]);
    const linked = this.#calls.filter(
      call => answerCall(call, settling.answered.get(call.credential) ?? []).status === 'linked',
    ).length;
    return {
      issuances: this.#issued.size,
      credentials: settling.looked,
      linked,
      unlinked: this.#calls.length - linked,
    };
  }
}

/** Correlates a list of events as one batch. */
export function correlate(events: readonly AuditEvent[], store: SessionStore): Promise<Correlated> {
  const batch = new LinkingBatch();
  for (const event of events) batch.add(event);
  return batch.correlate(store);
}
