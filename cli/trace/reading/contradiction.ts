import type { AuditEvent } from '../../../core/records/event.ts';
import type { Refusal } from '../../../steps/transport/payloads.ts';
import { copyNumber } from './part.ts';

/** What tells a record from others of its event. */
export function nameOfRecord({ eventID, recipientAccountId, provenance, hash }: AuditEvent): string {
  return nameOfRow({ eventID, copy: copyNumber(recipientAccountId, provenance), hash });
}

/** `hash`: hex */
export function nameOfRow({ eventID, copy, hash }: { eventID: string; copy: number; hash: string }): string {
  return `${eventID} ${copy} ${hash}`;
}

/** Why a record is no evidence that says something else than the evidence of its event. */
export function contradiction({ eventID, source, provenance, recipientAccountId }: AuditEvent): Refusal {
  return {
    step: 'Persist',
    source,
    error: 'ContradictsEvidence',
    message: `event ${eventID} differs from the evidence stored under its id`,
    ...(provenance === 'partner' && { sender: recipientAccountId }),
  };
}
