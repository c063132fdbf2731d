import type { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize, type RecordSource } from '../../../core/reading/normalize.ts';
import type { AuditEvent } from '../../../core/records/event.ts';

/** What an event of a story was normalized from: what would lie in a log file, or come over a partner's topic. */
export interface Logged {
  record: Record<string, unknown>;
  from: RecordSource;
}

const loggedAs = new WeakMap<AuditEvent, Logged>();

export function normalized(
  record: Record<string, unknown>,
  from: RecordSource,
  roles: AuditedRoles,
): AuditEvent {
  const event = normalize(record, from, roles);
  loggedAs.set(event, { record, from });
  return event;
}

/** Throws for an event of no story. */
export function recordOf(event: AuditEvent): Logged {
  const logged = loggedAs.get(event);
  if (!logged) throw new Error(`the event ${event.eventID} is of no story`);
  return logged;
}
