import type { AskedStore } from '../queries/store.ts';
import { State } from './state/state.ts';
import { storeOf } from './store.ts';

/** Asks the state of a trace, and closes it. Throws CliError for a file that is none. */
export async function onTrace<T>(file: string, work: (store: AskedStore) => Promise<T>): Promise<T> {
  const state = State.forAsking(file);
  try {
    const audited = (state.about.get('roles') ?? '').split(' ').filter(role => role !== '');
    return await work({ ...storeOf(state), audited: () => audited, host: null, busy: () => false });
  } finally {
    state.close();
  }
}
