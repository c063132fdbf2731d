import type { RefusedAttempt } from '../../../core/linking/refused.ts';
import type { ExplainedAttempt } from '../../queries/refusals.ts';
import type { Listed } from '../text/listed.ts';
import type { Paint } from '../text/paint.ts';
import { deniedLines } from './story.ts';

/** Refused attempts to assume an audited role. */
export function deniedList(paint: Paint): Listed<RefusedAttempt & Partial<ExplainedAttempt>> {
  return {
    noun: ['refused attempt', 'refused attempts'],
    columns: {
      time: ({ eventTime }) => eventTime,
      caller: ({ caller }) => caller,
      account: ({ account }) => account,
      credential: ({ credential }) => credential,
      action: ({ eventName }) => eventName,
      role: ({ role }) => role,
      error: ({ errorCode }) => errorCode,
      deniedBy: ({ denial }) => denial?.policy,
      policy: ({ denial }) => denial?.policyArn,
      message: ({ message }) => message,
      address: ({ sourceIPAddress }) => sourceIPAddress,
      eventID: ({ eventID }) => eventID,
    },
    lines: attempts => deniedLines(attempts, paint),
  };
}
