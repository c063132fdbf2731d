import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import type { AuditEvent } from '../../../core/records/event.ts';

const roles = new AuditedRoles(['*']);
export const account = '999999999999';
const time = (n: number) => new Date(Date.UTC(2025, 5, 2, 10) + n * 1000).toISOString().replace('.000', '');
export const key = (n: number) => `ASIACHAIN${String(n).padStart(11, '0')}`;
const arn = (n: number) => `arn:aws:sts::${account}:assumed-role/Role${n}/s`;
/** A user of an account, as its records have her. */
export const dana = (account: string) => ({
  type: 'IAMUser',
  arn: `arn:aws:iam::${account}:user/dana`,
  principalId: 'AIDAEXAMPLEDANA000001',
  accountId: account,
  accessKeyId: 'AKIAEXAMPLEDANA00001',
  userName: 'dana',
});

/** The AssumeRole of Role N, asked for in the session of Role N-1; the first by dana. */
export function hop(n: number): AuditEvent {
  const caller = {
    type: 'AssumedRole',
    arn: arn(n - 1),
    principalId: `AROA${n - 1}:s`,
    accountId: account,
    accessKeyId: key(n - 1),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        arn: `arn:aws:iam::${account}:role/Role${n - 1}`,
        principalId: `AROA${n - 1}`,
      },
      attributes: { creationDate: time(n - 1) },
    },
  };
  const record = {
    eventID: `hop-${n}`,
    eventName: 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    eventTime: time(n),
    recipientAccountId: account,
    userIdentity: n === 0 ? dana(account) : caller,
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/Role${n}`, roleSessionName: 's' },
    responseElements: {
      credentials: { accessKeyId: key(n), expiration: time(n + 3600) },
      assumedRoleUser: { assumedRoleId: `AROA${n}:s`, arn: arn(n) },
    },
  };
  return normalize(record, { source: 'chain', provenance: 'trail', account: null }, roles);
}
