import { accountsOfKey } from '../records/log-key.ts';
import { RecordError } from '../records/read.ts';
import type { RecordSource } from './normalize.ts';

/** Any account, but each record of its file's. */
export const anyAccount = '*';
/** A record counts as of whatever account it names, as in logs that were made anonymous. */
export const unchecked = 'unchecked';

/**
 * The accounts whose records our own trail may hold. CloudTrail writes a file for one account, names the account in the
 * file's key, and each of its records names it as its recipient (CloudTrail guide, log file examples; record contents,
 * `recipientAccountId`).
 */
export class TrailAccounts {
  readonly #known: ReadonlySet<string>;
  readonly #any: boolean;
  readonly #unchecked: boolean;

  /** `accounts`: 12-digit ids, or one of the words above alone */
  constructor(accounts: readonly string[]) {
    this.#known = new Set(accounts);
    this.#unchecked = this.#known.has(unchecked);
    this.#any = this.#unchecked || this.#known.has(anyAccount);
  }

  /**
   * Throws RecordError for a file that is not to be read: `AccountMismatch` where folder and name say different accounts,
   * `UnknownAccount` where the trail does not cover it. A key that tells no account is left to its records.
   */
  checkFile(key: string): void {
    if (this.#unchecked) return;
    const { folder, name } = accountsOfKey(key);
    if (folder !== null && name !== null && folder !== name)
      throw new RecordError(
        'AccountMismatch',
        `a file of account ${name} in the folder of account ${folder}`,
      );
    const account = name ?? folder;
    if (account !== null) this.#checkKnown(account, 'the file belongs to');
  }

  /** Throws RecordError `AccountMismatch` or `UnknownAccount` for a record of this recipient that lay there. */
  checkRecord(recipient: string, { provenance, account }: RecordSource): void {
    // Who may speak for a partner is for its topic to say, and was asked at the door.
    if (this.#unchecked || provenance === 'partner') return;
    if (account !== null && recipient !== account) {
      throw new RecordError(
        'AccountMismatch',
        `a record of account ${recipient} in a file of account ${account}`,
      );
    }
    this.#checkKnown(recipient, 'the record belongs to');
  }

  #checkKnown(account: string, what: string): void {
    if (this.#any || this.#known.has(account)) return;
    throw new RecordError(
      'UnknownAccount',
      `${what} account ${account}, which the trail does not cover (trailAccounts in roletrail.json)`,
    );
  }
}
