import type { Refusal } from '../../../steps/transport/payloads.ts';
import { UsageError } from '../../failure.ts';
import type { Page, PageAsked } from '../../queries/page.ts';
import type { Quarantined, QuarantinedKey, QuarantineStore } from '../../queries/quarantine-store.ts';
import { refusalsIn } from '../refusals.ts';
import type { State } from './state.ts';

/** What a trace refused, as one object: the files are where they were, so nothing was set aside. */
export class StateQuarantine implements QuarantineStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async *list({
    since = '',
  }: PageAsked & { since?: string | undefined } = {}): AsyncGenerator<Page<QuarantinedKey>> {
    const found = this.#whole();
    const late = found && found.header.at.slice(0, 10) >= since;
    yield { items: found && late ? [{ key: found.key, at: found.header.at }] : [], next: null };
  }

  async read(key: string): Promise<Quarantined> {
    const found = this.#whole();
    if (found?.key !== key) throw new UsageError(`${key} is not in quarantine`);
    return found;
  }

  async *retried(): AsyncGenerator<string> {}

  #whole(): Quarantined | null {
    const refusals: Refusal[] = refusalsIn(this.#state);
    if (refusals.length === 0) return null;
    const last = this.#state.get<{ run: string; at: string }>(
      'SELECT run, at FROM sources ORDER BY source DESC LIMIT 1',
    );
    const { run = 'trace', at = '' } = last ?? {};
    const header = { execution: run, at, count: refusals.length, failure: null, input: null };
    return { key: `${run}.ndjson`, header, refusals, arrived: [] };
  }
}
