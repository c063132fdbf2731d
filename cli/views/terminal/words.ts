import type { Flag } from '../../../core/linking/chain.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { clean } from '../text/clean.ts';

/** What partners claim of a session's issuance, a line each: their word, in quotation marks, cleaned. */
export function claimTexts({ claims = [] }: Pick<SessionAnswer, 'claims'>): string[] {
  return claims.map(({ account, eventID, caller, contradicts }) => {
    const who = caller === null ? 'names nobody' : `says that "${clean(caller)}" asked for it`;
    const against = contradicts ? ', against our own trail' : '';
    return `claim of account ${clean(account)}: it ${who}${against} (${clean(eventID)})`;
  });
}

/** What an answer's reason is: where a chain stays open, who a record names by itself, or why nothing is proven. */
export function reasonTitle({ status }: Pick<SessionAnswer, 'status'>): string {
  if (status === 'linked') return 'the chain stays open';
  return status === 'delivered' ? 'named by the record' : status;
}

/** Is it a lack? A record that names its caller by itself lacks nothing: mostly, AWS logs no issuance there. */
export function isLack({ status }: Pick<SessionAnswer, 'status'>): boolean {
  return status !== 'delivered';
}

/** Flags in words: what an investigator should look at. */
export const warnings: Record<Flag, string> = {
  'used-before-issuance': 'the credential was used before it was issued',
  'used-after-expiry': 'the credential was used after it had expired',
  'other-principal-under-key':
    'another principal was seen under the same key: each principal has its own session',
  'transitive-tags-differ': 'a hop claims transitive session tags that the hop before could not hand down',
  'source-identity-differs': 'the source identity changed within the session, which AWS does not allow',
  'claim-contradicts-trail': "a partner's event contradicts our own trail; the answer follows the trail",
};
