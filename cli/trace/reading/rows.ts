import { credentialsOf, FactCollector } from '../../../core/linking/facts.ts';
import { useOf } from '../../../core/linking/use.ts';
import type { AuditEvent, Occurrence, Setting } from '../../../core/records/event.ts';
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

  add(
    at: { offset: number; length: number },
    { setting, occurrence }: { setting: Setting; occurrence: Occurrence },
  ): void {
    const event: AuditEvent = { ...setting, ...occurrence };
    const use = event.credential === null ? null : useOf(event).hash;
    const { issuance, credential } = event;
    this.#records.push([
      at.offset,
      at.length,
      event.eventID,
      copyNumber(event.recipientAccountId, event.provenance),
      event.hash,
      event.eventTime,
      this.#action(event),
      this.#setting(setting, use),
      event.sharedEventID,
      event.amends,
      issuance ? JSON.stringify(credentialsOf(issuance)) : null,
    ]);
    this.#facts.add(event);
    if (credential !== null) this.#credentials.add(credential);
    if (issuance?.accessKeyId) this.#credentials.add(issuance.accessKeyId);
    const { caller, denied } = event;
    for (const arn of [caller.session?.issuer?.arn ?? caller.arn, denied]) if (arn) this.#roles.add(arn);
    const issued = issuance && (issuance.roleArn ?? issuance.arn);
    if (issued) this.#roles.add(issued);
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

  #action({ eventSource, eventName, errorCode }: AuditEvent): number {
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
