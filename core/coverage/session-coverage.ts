import { isReservedRole, reservedRegion } from '../identities/grants.ts';
import type { SessionAnswer } from '../linking/session-answer.ts';
import { accountInArn, isSessionArn, parseArn } from '../records/arn.ts';
import { hourMillis, laterBy, minuteMillis } from '../records/times.ts';
import {
  type Coverage,
  coverageAt,
  coverageWindow,
  coveredFrom,
  type Delivery,
  type FirstFile,
  stsRegions,
} from './hours.ts';

/** What a session's call says of the place it was made in. */
export interface SeenCall {
  awsRegion: string | null;
  recipientAccountId: string;
}

/** Hours that a role's session lasts at most, and any other (STS guide, comparison of the API's operations). */
const longestRole = 12;
const longestUser = 36;

/** How long a trail's own record of an issuance may be late, as the stack was deployed with it. `now`: absent, this moment. */
export interface Grace {
  graceMinutes: number;
  now?: Date;
}

/** The part of the ledger that is read: which log files were processed. */
export interface CoverageLedger {
  /** of an account, from one time to another, ISO 8601 */
  coverage(account: string, from: string, to: string): Promise<Delivery[]>;
  /** null: none was processed */
  first(account: string, region: string): Promise<FirstFile | null>;
  /** whether some file of the account has a call that only reads */
  logsReads(account: string): Promise<boolean>;
}

/**
 * Do the logs cover the place where this session's issuance would stand? `calls`: some of the session's, for their regions. A
 * Query, and one more for each region that may have it.
 */
export async function coverageOf(
  answer: SessionAnswer,
  calls: readonly SeenCall[],
  ledger: CoverageLedger,
): Promise<Coverage> {
  const account = accountOf(answer, calls);
  if (!account) return { covered: false, reason: 'no coverage: no record names the account' };
  const { from, to } = coverageWindow(answer.began);
  const partition = parseArn(answer.roleArn ?? answer.arn)?.partition ?? 'aws';
  const { roleArn } = answer;
  const regions =
    roleArn !== null && isReservedRole(roleArn)
      ? [reservedRegion(roleArn)]
      : stsRegions(
          partition,
          calls.map(call => call.awsRegion),
        );
  const deliveries = await ledger.coverage(account, from, to);
  const near = coverageAt({ account, at: answer.began, regions }, deliveries);
  if (!near.covered) return near;
  const begun = await begunBefore(answer, account, near.regions, ledger);
  if (begun !== null) return { covered: false, reason: begun };
  if (await ledger.logsReads(account)) return near;
  return {
    covered: false,
    reason: `no coverage: the logs of account ${account} hold no read events, and most issuances are read events`,
  };
}

/** Null when the logs of one of these regions had begun; else the sentence that says when they do. */
async function begunBefore(
  { began, creationKnown, arn }: SessionAnswer,
  account: string,
  regions: readonly string[],
  ledger: CoverageLedger,
): Promise<string | null> {
  const at = creationKnown
    ? began
    : laterBy(-(isSessionArn(arn) ? longestRole : longestUser) * hourMillis, began);
  const from: string[] = [];
  for (const region of regions) {
    const first = await ledger.first(account, region);
    if (first === null || first.time <= at || coveredFrom(first) <= at) return null;
    from.push(`${region} at ${coveredFrom(first)}`);
  }
  const created = creationKnown
    ? `the session was created at ${at}`
    : `the records do not show when the session was created, which may be as early as ${at}`;
  return `no coverage: ${created}, and the logs of account ${account} begin later (${from.join(', ')})`;
}

/**
 * The answer as reports show it: a session that nothing explains is `unknown` where the logs have a gap, because then
 * nothing can be said of its issuance; `claimed` where a partner says something of it. What is stored stays `unlinked`: the gap may
 * yet be filled. Where our own trail covers the second and has no such issuance, the partner contradicts it, once the stack's grace
 * period is over.
 */
export async function reportedAnswer(
  answer: SessionAnswer,
  calls: readonly SeenCall[],
  ledger: CoverageLedger,
  grace: Grace,
): Promise<SessionAnswer> {
  if (!needsCoverage(answer)) return answer;
  const { asClaimed } = answer;
  const coverage = await coverageOf(answer, calls, ledger);
  if (coverage.covered) return contradicted(answer, grace);
  if (asClaimed) return { ...answer, ...asClaimed, status: 'claimed' };
  return isExplained(answer) ? answer : { ...answer, status: 'unknown', reason: coverage.reason };
}

/** Whether what reports say of an answer depends on whether the logs cover its issuance. */
export function needsCoverage(answer: SessionAnswer): boolean {
  return !isExplained(answer) || Boolean(answer.asClaimed) || answer.status === 'claimed';
}

function isExplained({ status, issuerEventIDs }: SessionAnswer): boolean {
  return status !== 'unlinked' || issuerEventIDs.length > 0;
}

/**
 * An answer that has claims, and whose issuance our own trail would have: flagged once the grace period that began with the session
 * is over. Before that, the trail's own record may only be late.
 */
export function contradicted(
  answer: SessionAnswer,
  { graceMinutes, now = new Date() }: Grace,
): SessionAnswer {
  if (!answer.claims?.length || now.getTime() - Date.parse(answer.began) < graceMinutes * minuteMillis)
    return answer;
  return { ...answer, flags: [...new Set([...answer.flags, 'claim-contradicts-trail' as const])].sort() };
}

/** The account whose trail would have the issuance: the role's, or that of who the credential stands for. */
export function accountOf(
  answer: SessionAnswer,
  calls: readonly Pick<SeenCall, 'recipientAccountId'>[],
): string | null {
  return accountInArn(answer.roleArn ?? answer.arn) ?? calls[0]?.recipientAccountId ?? null;
}
