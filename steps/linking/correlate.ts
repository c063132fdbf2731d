import type { AuditEvent, Issuance } from '../cloudtrail/event.ts';
import { answerCall, answersOf, type CredentialAnswers, type SessionAnswer } from './answer.ts';
import { type BatchFacts, factsOf, type Use, useOf } from './facts.ts';
import { inParallel } from './parallel.ts';

/** One credential's partition: facts and the answers last derived from them. */
export interface CredentialState extends CredentialAnswers {
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
  /** the credentials issued to sessions of this one */
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

/** Reads and writes under way at once. */
const width = 16;

/**
 * Ties the batch's credentials to who they were issued to. Facts are written first, then every credential they touch,
 * and all issued from those in turn, is answered anew from what the store holds: so whoever comes last, an issuance or
 * a call, a parent or a child, finds the other. Cost depends on the credentials in the batch, not on the calls made.
 */
export async function correlate(events: readonly AuditEvent[], store: SessionStore): Promise<Correlated> {
  const facts = factsOf(events);
  await store.writeFacts(facts);
  const answered = await answerAll(new Set([...facts.issuances.keys(), ...facts.uses.keys()]), facts, store);
  const calls = events.filter(event => event.credential !== null);
  const statuses = calls.map(
    call =>
      answerCall(
        { eventTime: call.eventTime, use: useOf(call).hash },
        answered.get(call.credential as string) ?? [],
      ).status,
  );
  const linked = statuses.filter(status => status === 'linked').length;
  return {
    issuances: [...facts.issuances.values()].reduce((sum, copies) => sum + copies.length, 0),
    credentials: new Set(answered.keys()),
    linked,
    unlinked: calls.length - linked,
  };
}

async function answerAll(
  touched: Set<string>,
  facts: BatchFacts,
  store: SessionStore,
): Promise<Map<string, SessionAnswer[]>> {
  const answered = new Map<string, SessionAnswer[]>();
  let front = [...touched];
  // Credentials whose issuances are new to the batch: whatever was issued from them may now have a longer chain.
  let grown = [...facts.issuances.keys()];
  const seen = new Set(touched);
  while (front.length > 0) {
    const cache = new Map<string, Promise<CredentialState>>();
    await inParallel(front, width, async credential => {
      answered.set(credential, await answerOne(credential, store, cache));
    });
    const children = (await inParallel(grown, width, credential => store.children(credential))).flat();
    front = [...new Set(children)].filter(child => !seen.has(child));
    for (const child of front) seen.add(child);
    grown = front;
  }
  return answered;
}

/** Tries before giving up; each retry means that another execution made progress on the same credential. */
const mostTries = 20;

async function answerOne(
  credential: string,
  store: SessionStore,
  shared: Map<string, Promise<CredentialState>>,
): Promise<SessionAnswer[]> {
  let cache = shared;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const readOnce = remembering(cache, store);
    const state = await readOnce(credential);
    const next = await answersOf(
      { credential, ...state },
      async parent => (await readOnce(parent)).issuances,
    );
    // What is stored rests on a fact not seen here: an ancestor was remembered from before it was written.
    const stale = cache === shared && state.basis.some(fact => !next.basis.includes(fact));
    if (!stale) {
      if (sameAnswers(state, next)) return next.answers;
      if (await store.replace(credential, state, next)) return next.answers;
    }
    // Nothing shared from here on: the ancestors are read after the answers that are to be replaced.
    cache = new Map();
  }
  throw new CorrelationContended(credential);
}

function remembering(cache: Map<string, Promise<CredentialState>>, store: SessionStore) {
  return (credential: string): Promise<CredentialState> => {
    const known = cache.get(credential) ?? store.read(credential);
    cache.set(credential, known);
    return known;
  };
}

export class CorrelationContended extends Error {
  override name = 'TransientError';
  constructor(credential: string) {
    super(`the answers of ${credential} were replaced by other executions ${mostTries} times in a row`);
  }
}

function sameAnswers(one: CredentialAnswers, other: CredentialAnswers): boolean {
  return JSON.stringify([one.answers, one.basis]) === JSON.stringify([other.answers, other.basis]);
}
