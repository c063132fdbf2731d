import { isReservedRole } from '../identities/grants.ts';
import type { Chain, Flag, Party } from './chain.ts';
import type { Draft } from './drafts.ts';
import type { SessionAnswer } from './session-answer.ts';
import { isAccepted, ownUses, type Use } from './use.ts';
import { against } from './window.ts';

export type Verdict = Pick<SessionAnswer, 'status' | 'reason'>;

/** Whether an issuance explains the session, and what is missing. `missing`: what is known of that beside the draft. */
export function verdict({ issued, uses, candidates }: Draft, chain: Chain | null, missing?: string): Verdict {
  if (issued?.best.eventName === 'ConsoleLogin') {
    return {
      status: 'delivered',
      reason: "signed in at the console, which logs no issuance of the session's keys",
    };
  }
  if (chain) return { status: 'linked', reason: chain.open };
  if (candidates.length > 0) {
    return {
      status: 'ambiguous',
      reason: `${candidates.length} issuances of several origins fit this session equally well`,
    };
  }
  const [use] = uses;
  if (use?.arn === null && use.principalId === null) {
    return { status: 'unlinked', reason: 'the record shows no principal' };
  }
  const none = 'no issuance of this credential to this principal was seen';
  const refused = use && uses.every(use => !isAccepted(use)) ? '; AWS accepted no call made with it' : '';
  const said = missing?.startsWith('the credential') ? missing : missing ? `${none}; ${missing}` : none;
  return { status: 'unlinked', reason: `${said}${refused}` };
}

/** Who is behind it, as far as the chain or the calls themselves tell. */
export function originOf(chain: Chain | null, uses: readonly Use[]): Party | null {
  const own = ownUses(uses);
  const onBehalfOf = own.map(use => use.onBehalfOf).find(user => user !== null) ?? null;
  if (chain) return { ...chain.origin, onBehalfOf: chain.origin.onBehalfOf ?? onBehalfOf };
  const [use] = own;
  // A record of an IAM user or of root names the caller by itself, even when the session's issuance was not seen;
  // so does one that says on whose behalf it was made.
  if (!use || !(onBehalfOf || ['IAMUser', 'Root'].includes(use.type))) return null;
  const { type, arn, principalId, accountId, userName } = use;
  return {
    type,
    arn,
    principalId,
    accountId,
    userName,
    invokedBy: null,
    identityProvider: null,
    onBehalfOf,
    workload: null,
  };
}

/** The person's name, where AWS or the identity provider vouches for it. */
export function namedBy(chain: Chain | null): string | null {
  // An application that acts for a person stands behind the session of the person.
  const first = chain?.hops.find(({ caller }) => caller.type === 'SAMLUser') ?? chain?.hops.at(-1);
  if (!first) return null;
  if (first.caller.userName !== null) return first.caller.userName;
  const { workload } = first.caller;
  return isReservedRole(first.roleArn) || first.mechanism === 'account-access' ? workload : null;
}

/** What should not happen, and did. */
export function flagsOf(draft: Draft, chain: Chain | null): Flag[] {
  const { issued, uses } = draft;
  const flags = new Set([...draft.flags, ...(chain?.flags ?? [])]);
  if (issued) {
    const accepted = uses.filter(isAccepted);
    if (accepted.some(use => against(issued, use.firstSeen) === 'before')) flags.add('used-before-issuance');
    if (accepted.some(use => against(issued, use.lastSeen, use.lastTaken) === 'after'))
      flags.add('used-after-expiry');
  }
  const identities = new Set(
    [issued?.sourceIdentity, ...uses.filter(use => !use.byService).map(use => use.sourceIdentity)].filter(
      identity => identity,
    ),
  );
  if (identities.size > 1) flags.add('source-identity-differs');
  return [...flags].sort();
}
