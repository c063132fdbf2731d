import { shortHash } from '../../core/hash.ts';
import { clean } from '../../core/records/clean.ts';
import { RecordError } from '../../core/records/read.ts';
import type { Announcement } from '../runtime/announcer.ts';
import { AuditError } from '../runtime/errors.ts';

/** How often a message about a digest is received: then its queue makes it a dead letter. */
export const digestReceives = 5;

/** Minutes until the next try: enough for a temporary fault, or to restore a permission. SQS allows 12 hours at most. */
const pauses = [5, 20, 90, 360];

/** Seconds until the next receipt of a message that was received so often; 0 after the last. */
export function secondsUntilNext(receives: number): number {
  return (pauses[receives - 1] ?? 0) * 60;
}

/** Whether the message itself is the cause, so that no retry helps. */
export function isHopelessMessage(error: unknown): boolean {
  return (
    error instanceof RecordError || (error instanceof AuditError && error.name === 'BucketNotConfigured')
  );
}

/** A digest's check that ends without a result, by name. `messageId`: SQS's own, the same however often it comes. */
export function uncheckedAnnouncement(
  { messageId, body }: { messageId: string; body: string },
  { error, message }: { error: string; message: string },
): Announcement {
  const said = clean(body.slice(0, mostShown));
  return {
    detailType: 'Digest not checked',
    detail: { id: `unchecked-${shortHash(messageId)}`, error, reason: message, message: said },
    subject: `roletrail: a digest could not be checked: ${error.replace(/[^ -~]/g, '?')}`.slice(0, 100),
    message: [
      `A digest could not be checked, and is not tried again: ${clean(error)}: ${clean(message)}`,
      '',
      `message: ${said}`,
      '',
      'Look closer: roletrail verify checks the digests of any day. What they would prove stays pending until then.',
    ].join('\n'),
  };
}

const mostShown = 600;
