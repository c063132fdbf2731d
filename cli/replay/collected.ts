import { attemptOf, type RefusedAttempt } from '../../core/linking/refused.ts';
import { useOf } from '../../core/linking/use.ts';
import type { AuditEvent } from '../../core/records/event.ts';
import { accountsOfKey } from '../../core/records/log-key.ts';
import { readEvents } from '../../steps/transport/events.ts';
import { type Counts, type DataRef, noCounts } from '../../steps/transport/payloads.ts';
import type { WorkData } from '../../steps/transport/work-data.ts';
import type { Call } from '../queries/seen-session.ts';
import type { Outcome } from './outcome.ts';
import { RolesSeen } from './roles-seen.ts';

/** What the executions of one replay kept, over all of them. Bounded: what calls need for the report, no records. */
export class Collected {
  readonly calls = new Map<string, Call>();
  readonly denied = new Map<string, RefusedAttempt>();
  /** every credential that was used or issued */
  readonly credentials = new Set<string>();
  /** eventIDs of the records that issue a credential; the executions' own counts depend on how batches fall */
  readonly issuances = new Set<string>();
  readonly roles = new RolesSeen();
  readonly counts: Counts = { ...noCounts };
  readonly failed: Outcome[] = [];
  succeeded = 0;
  /** kept records of our own trail that name another account than their file does */
  otherAccounts = 0;
  /** refused sources and records, and batches that failed whole */
  quarantined = 0;
  readonly #workData: WorkData;
  #source = { key: '', account: null as string | null };

  constructor(workData: WorkData) {
    this.#workData = workData;
  }

  /** Takes in what one execution left behind. */
  async take(outcome: Outcome): Promise<void> {
    const { batch } = outcome;
    if (outcome.status === 'SUCCEEDED') this.succeeded += 1;
    else this.failed.push(outcome);
    if (batch) this.#count(batch.counts);
    const refused = batch?.refused.count ?? 0;
    // An execution that could read nothing fails so that it shows; its refused sources are counted already.
    const wholeBatch = outcome.status !== 'SUCCEEDED' && !(batch && batch.counts.read === 0 && refused > 0);
    this.quarantined += refused + (wholeBatch ? 1 : 0);
    if (outcome.events) await this.#read(outcome.events);
  }

  #count(counts: Counts): void {
    for (const name of Object.keys(this.counts) as (keyof Counts)[]) this.counts[name] += counts[name];
  }

  async #read(ref: DataRef): Promise<void> {
    for await (const block of readEvents(this.#workData.read(ref))) {
      for (const { event } of block) this.add(event);
    }
  }

  /** Takes in one kept event. Copies of one call fall together, whatever their order. */
  add(event: AuditEvent): void {
    this.roles.add(event);
    const account = this.#accountOf(event);
    if (account !== null && account !== event.recipientAccountId) this.otherAccounts += 1;
    if (event.issuance) this.issuances.add(event.eventID);
    if (event.issuance?.accessKeyId) this.credentials.add(event.issuance.accessKeyId);
    const attempt = attemptOf(event);
    if (attempt && !this.denied.has(event.eventID)) this.denied.set(event.eventID, attempt);
    if (event.credential === null) return;
    this.credentials.add(event.credential);
    const known = this.calls.get(event.eventID);
    if (known && known.recipientAccountId <= event.recipientAccountId) return;
    this.calls.set(event.eventID, {
      eventID: event.eventID,
      recipientAccountId: event.recipientAccountId,
      eventTime: event.eventTime,
      eventSource: event.eventSource,
      eventName: event.eventName,
      accessKeyId: event.caller.accessKeyId,
      credential: event.credential,
      use: useOf(event).hash,
      errorCode: event.errorCode,
      awsRegion: event.awsRegion,
      sharedEventID: event.sharedEventID,
      amends: event.amends,
      callerAccount: event.caller.accountId,
    });
  }

  /** The account that the name or the folder of the event's log file says. */
  #accountOf({ source, provenance }: AuditEvent): string | null {
    if (provenance !== 'trail') return null;
    if (this.#source.key !== source) {
      const { name, folder } = accountsOfKey(source);
      this.#source = { key: source, account: name ?? folder };
    }
    return this.#source.account;
  }
}
