import type { State } from './state.ts';

/** What is done in `work`, which may wait for others, is there whole, or not at all. */
export async function inTransaction(state: State, work: () => Promise<void>): Promise<void> {
  state.begin();
  try {
    await work();
    state.commit();
  } catch (error) {
    state.rollback();
    throw error;
  }
}
