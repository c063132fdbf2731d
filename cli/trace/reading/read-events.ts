import type { AuditEvent } from '../../../core/records/event.ts';
import type { ArrivedEvent } from '../../../steps/intake/arrival.ts';
import { contradiction, nameOfRecord } from './contradiction.ts';
import type { Part } from './part.ts';
import type { Reading } from './read-source.ts';
import { Rows } from './rows.ts';

/** The text of the record in an EventBridge event, as the steps have it. */
export function textOfEvent({ event }: ArrivedEvent): string {
  return JSON.stringify(event.record ?? null);
}

/** Reads an EventBridge event as the steps Filter and Normalize do. `input`: its place in the order of delivery. */
export function readEvent(
  arrived: ArrivedEvent,
  input: number,
  reading: Reading,
  except: ReadonlySet<string>,
): Part {
  const { source: name, provenance, event } = arrived;
  const bytes = Buffer.from(textOfEvent(arrived));
  const source = reading.of({ source: name, provenance, account: event.account });
  const rows = new Rows();
  source.read(bytes, [{ start: 0, end: bytes.length, number: 0, offset: 0 }], kept => {
    const typed: AuditEvent = { ...kept.setting, ...kept.occurrence };
    if (except.has(nameOfRecord(typed))) source.refusals.list.push(contradiction(typed));
    else rows.add({ offset: 0, length: bytes.length }, kept);
  });
  const { kept, normalized, isWithheld, refusals } = source;
  const none = { member: 0, key: null, bytesHash: null, earliest: null, reads: false };
  const outcome = isWithheld ? 'withheld' : 'read';
  return rows.part(
    {
      ...none,
      input,
      name,
      records: 1,
      kept,
      normalized,
      otherAccounts: 0,
      outcome,
      refusals: refusals.list,
    },
    false,
  );
}
