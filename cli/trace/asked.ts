import { CliError } from '../failure.ts';
import type { AskedStore } from '../queries/store.ts';
import { State } from './state/state.ts';
import { storeOf } from './store.ts';

/** Asks the state of a trace, and closes it. Throws CliError for a file that is none, and for a trace that did not end. */
export async function onTrace<T>(file: string, work: (store: AskedStore) => Promise<T>): Promise<T> {
  const state = State.forAsking(file);
  try {
    if (state.about.get('ended') !== 'yes')
      throw new CliError(
        `the trace in ${file} was stopped before its end: run the same command again, which goes on`,
      );
    const audited = (state.about.get('roles') ?? '').split(' ').filter(role => role !== '');
    return await work({ ...storeOf(state), audited: () => audited, host: null, busy: () => false });
  } finally {
    state.close();
  }
}
