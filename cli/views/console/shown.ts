import type { Store } from '../../queries/store.ts';

/** What the console shows, and the one thing that it may do. */
export interface Shown {
  store: Store;
  /** the roles that are audited, or `*` */
  audited: readonly string[];
  /** sends an object of the quarantine again; resolves to how many of its entries could not be */
  sendAgain(key: string): Promise<number>;
  /** whether anything is under way that may show soon; null where nobody can tell */
  busy: (() => boolean) | null;
  /** what of the records cannot be read, as a sentence; null: all can */
  lack: string | null;
  /** a trace's: it ran no executions and raised no alerts */
  traced: boolean;
  /** the other process whose embedded cloud it is; null: this one's, or AWS */
  host: number | null;
}
