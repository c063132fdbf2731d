import { attemptName, type RefusedAttempt } from '../../../core/linking/refused.ts';
import type { TimeSpan } from '../../../core/records/times.ts';
import { CliError } from '../../failure.ts';
import type { ExecutionStore } from '../../queries/execution-store.ts';
import type { AlertStore, RefusedStore } from '../../queries/store.ts';
import type { State } from './state.ts';

/** Attempts to assume an audited role that began no session. */
export class StateRefused implements RefusedStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async *newestFirst({ since = '', until = '~' }: TimeSpan = {}): AsyncGenerator<RefusedAttempt> {
    const sql = 'SELECT attempt FROM attempts WHERE name >= ? AND name <= ? ORDER BY name DESC';
    // Copies of one event have one time.
    let [time, known] = ['', new Set<string>()];
    for (const { attempt } of this.#state.each<{ attempt: string }>(sql, since, until)) {
      const found = JSON.parse(attempt) as RefusedAttempt;
      if (found.eventTime !== time) [time, known] = [found.eventTime, new Set()];
      if (known.has(found.eventID) || attemptName(found) < since) continue;
      known.add(found.eventID);
      yield found;
    }
  }
}

/** A trace watches nothing: nothing was alerted. */
export const noAlerts: AlertStore = {
  of: async () => null,
  async *newestFirst() {},
};

/** A trace runs no executions. */
export const noExecutions: ExecutionStore = {
  async *list() {},
  describe: async () => null,
  async *history() {},
  definition: async () => {
    throw new CliError('a trace runs no state machine: roletrail replay does');
  },
};
