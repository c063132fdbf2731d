import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import type { CallEntry } from '../../core/records/evidence.ts';
import { type CallWithDoing, type Doings, doingsOf, withDoings } from './doings.ts';
import type { Store } from './store.ts';

/** What is known of a credential, or of one session of it. */
export interface FoundCredential {
  kind: 'credential';
  subject: string;
  sessions: SessionAnswer[];
  /** the latest calls, each with what it did */
  calls: CallWithDoing[];
  seenFrom: SeenFrom[];
  /** what its calls did, of the newest thousand */
  doings: Doings;
}

/** A client that calls came from; several within one session are worth a look. */
export interface SeenFrom {
  address: string;
  agent: string;
  calls: number;
  firstSeen: string;
}

/** Calls of a credential that are shown, and calls that are searched for clients; the newest. */
const mostCalls = 20;
const mostLookedThrough = 1_000;

/** The sessions of a credential, or the one of them that has this name, and its calls. Null where nothing is known of it. */
export async function lookUpCredential(
  key: string,
  store: Pick<Store, 'evidence' | 'sessions'>,
  session?: string,
): Promise<FoundCredential | null> {
  const { answers } = await store.sessions.read(key);
  const sessions = session ? answers.filter(answer => answer.session === session) : answers;
  const newest = store.evidence.calls(key, { newestFirst: true, limit: mostLookedThrough });
  const calls = (await Array.fromAsync(newest)).reverse();
  if (sessions.length === 0 && (session || calls.length === 0)) {
    // The console signs each request with a fresh key: the calls know which session it was of.
    const console = session ? null : await store.evidence.sessionOfKey(key);
    return console ? lookUpCredential(console, store) : null;
  }
  const uses = new Set(sessions.flatMap(answer => answer.uses));
  const entries = session ? calls.filter(call => uses.has(call.use)) : calls;
  const own = await withDoings(entries, sessions[0]?.arn ?? null, store);
  return {
    kind: 'credential',
    subject: session ?? key,
    sessions,
    calls: own.slice(-mostCalls),
    seenFrom: clientsOf(own),
    doings: doingsOf(own, calls.length < mostLookedThrough),
  };
}

function clientsOf(calls: readonly CallEntry[]): SeenFrom[] {
  const clients = new Map<string, SeenFrom>();
  for (const { sourceIPAddress, agent, eventTime } of calls) {
    const client = { address: sourceIPAddress ?? 'no address', agent: agent ?? 'no user agent' };
    const known = clients.get(JSON.stringify(client)) ?? { ...client, calls: 0, firstSeen: eventTime };
    clients.set(JSON.stringify(client), { ...known, calls: known.calls + 1 });
  }
  return [...clients.values()];
}
