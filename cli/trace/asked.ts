import { CliError } from '../failure.ts';
import type { AskedStore } from '../queries/store.ts';
import { State } from './state/state.ts';
import { unreadable } from './state/unreadable.ts';
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
    const beside = { audited: () => audited, lack: unreadable(state), host: null, busy: () => false };
    return await work({ ...storeOf(state), ...beside });
  } finally {
    state.close();
  }
}
