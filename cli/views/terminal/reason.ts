import type { SessionAnswer } from '../../../core/linking/session-answer.ts';

/** What an answer's reason is: where a chain stays open, who a record names by itself, or why nothing is proven. */
export function reasonTitle({ status }: Pick<SessionAnswer, 'status'>): string {
  if (status === 'linked') return 'the chain stays open';
  return status === 'delivered' ? 'named by the record' : status;
}

/** Is it a lack? A record that names its caller by itself lacks nothing: mostly, AWS logs no issuance there. */
export function isLack({ status }: Pick<SessionAnswer, 'status'>): boolean {
  return status !== 'delivered';
}
