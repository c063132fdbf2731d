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
