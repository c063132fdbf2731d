import { credentialsOf, FactCollector } from '../../../core/linking/facts.ts';
import { useOf } from '../../../core/linking/use.ts';
import type { Occurrence, Setting } from '../../../core/records/event.ts';
import { agentOf } from '../../../core/records/evidence.ts';
import { accountsOfKey } from '../../../core/records/log-key.ts';
import { factRows } from './fact-rows.ts';
import {
  type ActionRow,
  copyNumber,
  type Part,
  type ReadSource,
  type RecordRow,
  type SettingRow,
} from './part.ts';

/** A record in its two parts, as Normalizer gives it. */
interface Typed {
  setting: Setting;
  occurrence: Occurrence;
}

/** Rows of kept records, taken in one by one; what many of them share stands once. */
export class Rows {
  readonly #records: RecordRow[] = [];
  readonly #settings: SettingRow[] = [];
  readonly #slots = new Map<Setting, Map<string | null, number>>();
  readonly #actions: ActionRow[] = [];
  readonly #actionSlots = new Map<string, number>();
  readonly #facts = new FactCollector();
  readonly #roles = new Set<string>();
  readonly #credentials = new Set<string>();

  get count(): number {
    return this.#records.length;
  }

  add(at: { offset: number; length: number }, { setting, occurrence }: Typed): void {
    const { issuance, eventID, hash, eventTime, sharedEventID, amends } = occurrence;
    const { credential, recipientAccountId, provenance } = setting;
    this.#records.push([
      at.offset,
      at.length,
      eventID,
      copyNumber(recipientAccountId, provenance),
      hash,
      eventTime,
      this.#action(occurrence),
      this.#setting(setting, this.#fact(setting, occurrence)),
      sharedEventID,
      amends,
      issuance ? JSON.stringify(credentialsOf(issuance)) : null,
    ]);
    if (credential !== null) this.#credentials.add(credential);
    if (issuance?.accessKeyId) this.#credentials.add(issuance.accessKeyId);
    const issued = issuance && (issuance.roleArn ?? issuance.arn);
    if (issued) this.#roles.add(issued);
  }

  /** Takes in the facts of a record. Answers the hash of the use it makes of its credential; null: of none. */
  #fact(setting: Setting, occurrence: Occurrence): string | null {
    const { credential, denied, caller, provenance, sourceIPAddress } = setting;
    const { issuance, errorCode, eventTime, eventSource, eventName, amends } = occurrence;
    if (credential === null || denied !== null || issuance !== null) {
      const event = { ...setting, ...occurrence };
      this.#facts.add(event);
      return credential === null ? null : useOf(event).hash;
    }
    // Of nearly all records: less is made of each.
    const call = {
      caller,
      provenance,
      sourceIPAddress,
      errorCode,
      eventTime,
      eventSource,
      eventName,
      amends,
    };
    return this.#facts.addCall(credential, call);
  }

  part(source: ReadSource, open: boolean): Part {
    return {
      source,
      open,
      rows: this.#records.length,
      records: JSON.stringify(this.#records),
      settings: JSON.stringify(this.#settings),
      actions: JSON.stringify(this.#actions),
      facts: JSON.stringify(factRows(this.#facts.facts())),
      roles: [...this.#roles],
      credentials: [...this.#credentials],
    };
  }

  #action({ eventSource, eventName, errorCode }: Occurrence): number {
    const name = `${eventSource}\n${eventName}\n${errorCode}`;
    const known = this.#actionSlots.get(name);
    if (known !== undefined) return known;
    this.#actionSlots.set(name, this.#actions.length);
    return this.#actions.push([eventSource, eventName, errorCode]) - 1;
  }

  #setting(setting: Setting, use: string | null): number {
    const slots = this.#slots.get(setting) ?? new Map<string | null, number>();
    const known = slots.get(use);
    if (known !== undefined) return known;
    this.#slots.set(setting, slots.set(use, this.#settings.length));
    const { recipientAccountId, provenance, awsRegion, sourceIPAddress, userAgent } = setting;
    const { credential, caller, denied } = setting;
    for (const arn of [caller.session?.issuer?.arn ?? caller.arn, denied]) if (arn) this.#roles.add(arn);
    return (
      this.#settings.push([
        ...([recipientAccountId, provenance, awsRegion, sourceIPAddress, agentOf(userAgent)] as const),
        ...([credential, caller.accessKeyId, use, caller.accountId, denied] as const),
      ]) - 1
    );
  }
}

/** The account that the name or the folder of a log file says; null where neither does. */
export function accountOf(key: string): string | null {
  const { name, folder } = accountsOfKey(key);
  return name ?? folder;
}
