import type { Refusal } from '../../steps/transport/payloads.ts';
import type { Arrived, QuarantineHeader } from '../../steps/transport/set-aside.ts';
import type { Page, PageAsked } from './page.ts';

/** One object in quarantine. */
export interface Quarantined {
  key: string;
  header: QuarantineHeader;
  refusals: Refusal[];
  /** of a failed batch of messages: what came, to be sent again */
  arrived: Arrived['arrived'][];
}

/** An object in quarantine as lists have it. */
export interface QuarantinedKey {
  key: string;
  /** ISO 8601: when it was set aside */
  at: string | null;
}

export interface QuarantineStore {
  /** its objects, the oldest day first, a page at a time; `since`: a day (`2025-03-11`), only that and later ones */
  list(asked?: PageAsked & { since?: string | undefined }): AsyncIterable<Page<QuarantinedKey>>;
  /** Throws UsageError for a key that is not in quarantine, CliError for an object that cannot be read. */
  read(key: string): Promise<Quarantined>;
  /** ids of the entries that were sent again */
  retried(): AsyncIterable<string>;
}
