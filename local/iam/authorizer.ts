import { type Authorizer, type Caller, type Need, ServiceError, type Statement } from '../contract.ts';
import type { RequestContext } from './conditions.ts';
import { applies, type Grant, readStatement } from './statement.ts';

/** A need with what conditions may ask for, such as `s3:prefix`. */
export interface NeedInContext extends Need {
  context?: RequestContext;
}

/** One distinct check: how often `caller` (a role's logical id, or `operator`) asked, and the answer. */
export interface Check extends Need {
  caller: string;
  allowed: boolean;
  times: number;
}

export interface RecordingAuthorizer extends Authorizer {
  authorize(caller: Caller, needs: NeedInContext[]): void;
  /** every distinct check since the start, in the order they first came */
  checks(): Check[];
}

export interface Account {
  account: string;
  region: string;
}

/**
 * Holds requests against identity-based policies: deny by default, an explicit Deny wins (IAM guide, "Policy
 * evaluation logic"). `policies`: a role's logical id -> all statements of its policies, intrinsics resolved.
 * Resource policies, boundaries and session policies are not looked at. `aws:SecureTransport` is `true`: the local
 * endpoint stands for AWS's, which speaks TLS. Throws UnsupportedPolicy for a statement it cannot evaluate.
 */
export function createAuthorizer(policies: Record<string, Statement[]>, place: Account): RecordingAuthorizer {
  const grants = new Map<string, Grant[]>(
    Object.entries(policies).map(([role, list]) => [
      role,
      list.map(statement => readStatement(statement, role)),
    ]),
  );
  const checks = new Map<string, Check>();

  function decide(
    caller: Caller,
    { action, resource, context }: NeedInContext,
  ): 'allowed' | 'denied' | 'not allowed' {
    if (caller.kind === 'operator') return 'allowed';
    const all = { ...contextOf(caller, place), ...context };
    const speaking = (grants.get(caller.name) ?? []).filter(grant => applies(grant, action, resource, all));
    if (speaking.some(grant => grant.effect === 'Deny')) return 'denied';
    return speaking.length > 0 ? 'allowed' : 'not allowed';
  }

  function record(caller: string, { action, resource }: Need, allowed: boolean): void {
    const key = JSON.stringify([caller, action, resource, allowed]);
    const check = checks.get(key);
    if (check) check.times += 1;
    else checks.set(key, { caller, action, resource, allowed, times: 1 });
  }

  return {
    checks: () => [...checks.values()],
    authorize(caller, needs) {
      for (const need of needs) {
        const decision = decide(caller, need);
        record(caller.name, need, decision === 'allowed');
        if (decision !== 'allowed') throw denial(caller, need, decision);
      }
    },
  };
}

function contextOf(caller: Caller, { account, region }: Account): RequestContext {
  return {
    'aws:securetransport': 'true',
    'aws:requestedregion': region,
    'aws:resourceaccount': account,
    's3:resourceaccount': account,
    'kms:calleraccount': account,
    'aws:viaawsservice': 'false',
    'aws:principalisawsservice': 'false',
    'aws:principaltype': 'AssumedRole',
    // A role's session acts under the role's ARN (IAM guide, "aws:PrincipalArn").
    'aws:principalarn': caller.arn.replace(/:sts:(:.*?):assumed-role\/([^/]+)\/.*/, ':iam:$1:role/$2'),
    'aws:principalaccount': caller.arn.split(':')[4] ?? account,
  };
}

/** In AWS's own words (IAM guide, "Troubleshoot access denied error messages"). */
function denial(
  caller: Caller,
  { action, resource }: Need,
  decision: 'denied' | 'not allowed',
): ServiceError {
  const because =
    decision === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
  return action.startsWith('s3:')
    ? new ServiceError('AccessDenied', message, 403)
    : new ServiceError('AccessDeniedException', message, 400);
}
