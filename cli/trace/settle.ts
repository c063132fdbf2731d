import { writeShownDates } from '../../core/linking/correlate.ts';
import { Settling } from '../../core/linking/settle.ts';
import { inTransaction } from './state/in-transaction.ts';
import { StateSessions } from './state/linking.ts';
import type { State } from './state/state.ts';

/** Credentials that are settled together: what they rest on is read once, and held meanwhile. */
const manyTogether = 1_000;

/**
 * Derives the answers of all credentials whose facts are newer, and of what depends on them. What is done is there whatever ends the
 * work. Throws the signal's reason.
 */
export async function settleAll(
  state: State,
  signal: AbortSignal,
  progress: (left: number) => void,
  together = manyTogether,
): Promise<void> {
  const store = new StateSessions(state);
  const few = next(state, '', together);
  if (few.length < together) return inTransaction(state, () => settleFew(state, few, store));
  // All before any is settled: so each answer is derived once.
  await inTransaction(state, async () => {
    for (let after = ''; ; ) {
      const credentials = next(state, after, together);
      if (credentials.length === 0) return;
      await writeShownDates(credentials, store, new Settling(store));
      after = credentials.at(-1) ?? '';
    }
  });
  // One for all parts: what was derived in one is not derived again in the others, because all facts are there.
  const settling = new Settling(store);
  for (;;) {
    const credentials = next(state, '', together);
    if (credentials.length === 0) return;
    signal.throwIfAborted();
    await inTransaction(state, async () => {
      await settling.settle(credentials);
      for (const each of credentials) state.run('DELETE FROM unsettled WHERE credential = ?', each);
    });
    settling.forgetStates();
    progress(state.get<{ left: number }>('SELECT count(*) AS left FROM unsettled')?.left ?? 0);
  }
}

/** What they rest on is read once, for what their calls show of dates too. */
async function settleFew(state: State, credentials: readonly string[], store: StateSessions): Promise<void> {
  const settling = new Settling(store);
  const shown = await writeShownDates(credentials, store, settling);
  await settling.settle([...new Set([...credentials, ...shown])]);
  state.run('DELETE FROM unsettled');
}

function next(state: State, after: string, together: number): string[] {
  return state
    .all<{ credential: string }>(
      'SELECT credential FROM unsettled WHERE credential > ? ORDER BY credential LIMIT ?',
      after,
      together,
    )
    .map(({ credential }) => credential);
}
