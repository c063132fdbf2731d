import { inParallel } from '../parallel.ts';
import type { AuditEvent } from '../records/event.ts';
import { type AskedCall, answerCall } from './call-answer.ts';
import { FactCollector } from './facts.ts';
import type { SessionStore } from './session-store.ts';
import { Settling } from './settle.ts';
import { dated, shownDates } from './shown-date.ts';
import { useOf } from './use.ts';

/** Credentials looked at at once. */
const width = 16;

export interface Correlated {
  issuances: number;
  /** credentials whose answers were derived */
  credentials: Set<string>;
  linked: number;
  unlinked: number;
}

/** What linking needs of a batch of events, taken in one by one; the events themselves are not kept. */
export class LinkingBatch {
  readonly #facts = new FactCollector();
  readonly #calls: (AskedCall & { credential: string })[] = [];
  readonly #issued = new Set<string>();
  #events = 0;

  add(event: AuditEvent): void {
    const { credential, issuance, eventID } = event;
    this.#events += 1;
    this.#facts.add(event);
    if (issuance) this.#issued.add(eventID);
    if (credential !== null) this.#calls.push(askedOf(event, credential));
  }

  /** events so far */
  get size(): number {
    return this.#events;
  }

  /**
   * Ties the batch's credentials to who they were issued to. Facts are written first, then every credential they touch,
   * and all that depend on those in turn, gets a new answer from what the store holds: so whoever comes last, an issuance
   * or a call, a parent or a child, finds the other. Cost depends on the credentials in the batch, not on the calls made.
   */
  async correlate(store: SessionStore): Promise<Correlated> {
    const facts = this.#facts.facts();
    await store.writeFacts(facts);
    const touched = new Set([...facts.issuances.keys(), ...facts.uses.keys()]);
    const settling = new Settling(store);
    const shown = await writeShownDates(touched, store, settling);
    await settling.settle([...new Set([...touched, ...shown])]);
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

/**
 * Writes what calls made with these credentials show of when their sessions began. Before anything is settled: whoever comes last,
 * the issuance or a call made with its key, finds the other. Answers the sessions that facts were written of, to be settled too.
 */
export async function writeShownDates(
  touched: Iterable<string>,
  store: SessionStore,
  settling: Settling,
): Promise<string[]> {
  const keys = [...touched].filter(credential => !credential.includes(':'));
  const shown = dated(await inParallel(keys, width, async key => shownDates(await settling.read(key))));
  if (shown.issuances.size > 0) await store.writeFacts(shown);
  return [...shown.issuances.keys()];
}

function askedOf(event: AuditEvent, credential: string) {
  const { eventTime, eventSource, eventName, errorCode, amends } = event;
  return { credential, eventTime, eventSource, eventName, errorCode, amends, use: useOf(event).hash };
}

/** Correlates a list of events as one batch. */
export function correlate(events: readonly AuditEvent[], store: SessionStore): Promise<Correlated> {
  const batch = new LinkingBatch();
  for (const event of events) batch.add(event);
  return batch.correlate(store);
}
