import type { Issued } from '../identities/issued.ts';
import { accountInArn } from '../records/arn.ts';
import type { Caller } from '../records/event.ts';
import { RecordError } from '../records/read.ts';

/** What a partner's record speaks of: who asked, and what was handed out or refused. */
export interface Spoken {
  eventName: string;
  /** the record's own `userIdentity` */
  caller: Caller;
  issued: Issued | null;
  /** the role it was refused */
  denied: string | null;
}

/**
 * Calls by which credentials of one account are handed to a caller of another (STS API reference). Of any other issuing
 * call, caller and credentials are of one account.
 */
const acrossAccounts: ReadonlySet<string> = new Set(['AssumeRole', 'AssumeRoot', 'GetDelegatedAccessToken']);

/** The id of a temporary key: 16 to 128 letters, digits and underscores (STS API, Credentials), of which the first are ASIA. */
const temporaryKey = /^ASIA\w{12,124}$/;
const anyKey = /^\w{1,128}$/;

/**
 * Lets a partner's record through only if CloudTrail could have logged it in the sender's account: a call that two accounts
 * share is logged in the caller's and in the role's (IAM guide, cloudtrail-integration). Throws RecordError `NotItsOwn` for
 * any other, and `NotAKey` where a key's id does not look like one: it would name what is not a key among what is known of keys.
 */
export function checkItsOwn(sender: string, { eventName, caller, issued, denied }: Spoken): void {
  checkKeys(caller, issued);
  const asking = oneAccount('caller', [caller.accountId, accountIn(caller.arn)], sender);
  const role = oneAccount(
    'role',
    [accountIn(issued?.roleArn), accountIn(issued?.arn), accountIn(denied)],
    sender,
  );
  const accounts = [asking, role].filter(account => account !== null);
  const may = acrossAccounts.has(eventName)
    ? accounts.includes(sender)
    : accounts.length > 0 && accounts.every(account => account === sender);
  if (may) return;
  throw new RecordError(
    'NotItsOwn',
    `account ${sender} sent a call of ${asking ?? 'no account'} for a role of ${role ?? 'no account'}, which its CloudTrail does not log`,
  );
}

function checkKeys({ accessKeyId: asking }: Caller, issued: Issued | null): void {
  const handedOut = issued?.accessKeyId ?? null;
  if (handedOut !== null && !temporaryKey.test(handedOut)) throw notAKey('handed out', handedOut);
  const temporary = asking?.startsWith('ASIA') ? temporaryKey : anyKey;
  if (asking !== null && !temporary.test(asking)) throw notAKey('it was asked with', asking);
}

function notAKey(which: string, id: string): RecordError {
  return new RecordError(
    'NotAKey',
    `the key ${which}, ${JSON.stringify(id.slice(0, 40))}, is not an access key ID`,
  );
}

/** The account that all of these name; null where none does. Two accounts in one party are nothing that AWS writes. */
function oneAccount(party: string, named: readonly (string | null)[], sender: string): string | null {
  const [account = null, other] = new Set(named.filter(each => each !== null));
  if (other === undefined) return account;
  throw new RecordError(
    'NotItsOwn',
    `account ${sender} sent an event whose ${party} belongs to account ${account} and to account ${other}`,
  );
}

// Names are compared without regard to case and blanks around them: written otherwise, an ARN is of the same account.
function accountIn(arn: string | null | undefined): string | null {
  return accountInArn(arn?.trim().toLowerCase());
}
