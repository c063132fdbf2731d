import { accountOf } from '../../core/coverage/session-coverage.ts';
import { shortHash } from '../../core/hash.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { isAccepted, type Use } from '../../core/linking/use.ts';
import { parseRoleArn } from '../../core/records/arn.ts';
import { clean } from '../../core/records/clean.ts';
import type { CallEntry } from '../../core/records/evidence.ts';
import type { Announcement } from '../runtime/announcer.ts';

/** Role path of service-linked roles, which only a service can create or assume (IAM guide, service-linked roles). */
const serviceLinkedPath = 'aws-service-role/';

/** A credential in use that no known issuance, and no sign-in, explains. A service-linked role's needs no explanation. */
export function isUnexplained({
  status,
  issuerEventIDs,
  used,
  roleArn,
}: Pick<SessionAnswer, 'status' | 'issuerEventIDs' | 'used' | 'roleArn'>): boolean {
  if (roleArn && parseRoleArn(roleArn)?.path.startsWith(serviceLinkedPath)) return false;
  return status === 'unlinked' && issuerEventIDs.length === 0 && used;
}

/**
 * Whether AWS services made every call of these uses, however many there are: the credential was delivered to a service and never
 * left it. One call by anybody else, the last of thousands as well, is another use.
 */
export function isServiceDelivered(uses: readonly Use[]): boolean {
  const accepted = uses.filter(isAccepted);
  return accepted.length > 0 && accepted.every(use => use.byService);
}

/** `calls`: the session's first ones, at least one; `uses`: the session's own. */
export function alertOf(
  answer: SessionAnswer,
  uses: readonly Use[],
  calls: readonly CallEntry[],
): Announcement {
  const first = calls[0] ?? null;
  const firstSeen = uses.map(use => use.firstSeen).sort()[0] ?? null;
  const lastSeen =
    uses
      .map(use => use.lastSeen)
      .sort()
      .at(-1) ?? null;
  const common = commonOf(answer, calls);
  const lines = [
    `A credential is in use, and nothing explains where it came from: ${clean(answer.reason ?? 'no reason known')}.`,
    '',
    ...facts({
      principal: answer.arn ?? answer.principalId,
      'access key': answer.accessKeyId,
      role: answer.roleArn,
      account: common.account,
      'first seen': firstSeen,
      'first call': first && `${first.eventSource} ${first.eventName} from ${first.sourceIPAddress}`,
      flags: answer.flags.join(', ') || null,
    }),
    '',
    `Look closer: ${clean(common.look)}`,
    'Should its issuance arrive late, a second message withdraws this one.',
  ];
  return {
    detailType: 'Unlinked session',
    detail: {
      id: alertId(answer.session),
      ...common,
      firstSeen,
      lastSeen,
      firstCall: first && {
        eventID: first.eventID,
        eventTime: first.eventTime,
        eventSource: first.eventSource,
        eventName: first.eventName,
        awsRegion: first.awsRegion,
        sourceIPAddress: first.sourceIPAddress,
      },
      flags: answer.flags,
      reason: answer.reason,
    },
    subject: subject(`unlinked session ${answer.accessKeyId ?? answer.arn ?? ''}`),
    message: lines.join('\n'),
  };
}

/** Withdraws the alert of {@link alertOf}: an issuance of the session is now known. */
export function explanationOf(answer: SessionAnswer, calls: readonly CallEntry[]): Announcement {
  const common = commonOf(answer, calls);
  const { origin, issuerEventIDs, status } = answer;
  const lines = [
    'The session is explained: its issuance arrived late. The earlier message is withdrawn.',
    '',
    ...facts({
      principal: answer.arn ?? answer.principalId,
      'access key': answer.accessKeyId,
      role: answer.roleArn,
      origin: origin && (origin.arn ?? origin.invokedBy ?? origin.principalId),
      'issued by': issuerEventIDs.join(', '),
      status,
    }),
    '',
    `Look closer: ${clean(common.look)}`,
  ];
  return {
    detailType: 'Unlinked session explained',
    detail: {
      id: `${alertId(answer.session)}-explained`,
      alertId: alertId(answer.session),
      ...common,
      status,
      reason: answer.reason,
      issuerEventIDs,
      origin,
      flags: answer.flags,
    },
    subject: subject(`explained: session ${answer.accessKeyId ?? answer.arn ?? ''}`),
    message: lines.join('\n'),
  };
}

function commonOf(answer: SessionAnswer, calls: readonly CallEntry[]) {
  const { session, accessKeyId, arn, principalId, roleArn } = answer;
  return {
    session,
    accessKeyId,
    principalArn: arn,
    principalId,
    roleArn,
    account: accountOf(answer, calls),
    look: `roletrail who ${accessKeyId ?? calls[0]?.eventID ?? arn ?? session}`,
  };
}

function alertId(session: string): string {
  return `unlinked-${shortHash(session)}`;
}

function facts(values: Record<string, string | null>): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value ? [`${name}: ${clean(value)}`] : []));
}

/** At most 100 printable ASCII characters (SNS API, Publish: Subject); text from a log may contain anything. */
function subject(text: string): string {
  return `roletrail: ${text}`.replace(/[^ -~]/g, '?').slice(0, 100);
}
