import type { Caller, ServicePrincipal } from '../contract.ts';
import type { RequestContext } from './conditions.ts';
import type { Asking } from './resource-policy.ts';

export interface Account {
  account: string;
  region: string;
}

/** As whom somebody may be asked for: a role's logical id, `operator`, or each name of a service. */
export function namesOf(who: Caller | ServicePrincipal): readonly string[] {
  return who.kind === 'service' ? who.names : [who.name];
}

/** Who asks, as the policy of a resource may name it. */
export function askingOf(who: Caller | ServicePrincipal, name: string, { account }: Account): Asking {
  if (who.kind === 'service') return { service: name };
  return { account: who.arn.split(':')[4] ?? account, arns: [who.arn, roleArnOf(who)] };
}

interface Reached {
  owner: string;
  resource: string;
  via: string | undefined;
}

/** What conditions see of requests, made once for each kind: it depends on who asks, whom it reaches, and through whom. */
export class Contexts {
  readonly #home: Account;
  readonly #made = new WeakMap<Caller | ServicePrincipal, Map<string, RequestContext>>();

  constructor(home: Account) {
    this.#home = home;
  }

  of(who: Caller | ServicePrincipal, reached: Reached): RequestContext {
    const made = this.#made.get(who) ?? new Map<string, RequestContext>();
    this.#made.set(who, made);
    const kind = `${reached.owner} ${regionOf(reached.resource)} ${reached.via}`;
    const context = made.get(kind) ?? contextOf(who, this.#home, reached);
    made.set(kind, context);
    return context;
  }
}

function regionOf(arn: string): string {
  return arn.split(':', 4)[3] ?? '';
}

/**
 * What conditions see of a request for a resource of `owner`. `via`: the service that uses a key for the caller. EventBridge
 * and SNS support no `aws:SourceArn` in the policy of a key (SNS guide, "Enabling compatibility between event sources from
 * AWS services and encrypted topics").
 */
function contextOf(
  who: Caller | ServicePrincipal,
  { account, region }: Account,
  { owner, resource, via }: Reached,
): RequestContext {
  const common = {
    'aws:securetransport': 'true',
    's3:tlsversion': '1.3',
    // A bucket's ARN has no region: it is the stack's.
    'aws:requestedregion': regionOf(resource) || region,
    'aws:resourceaccount': owner,
    's3:resourceaccount': owner,
  };
  if (who.kind === 'service') {
    const source = {
      'aws:sourceaccount': who.sourceArn.split(':')[4] ?? '',
      ...(via === undefined && { 'aws:sourcearn': who.sourceArn }),
    };
    return { ...common, 'aws:principalisawsservice': 'true', ...(!who.silent && source) };
  }
  return {
    ...common,
    'kms:calleraccount': account,
    ...(via !== undefined && { 'kms:viaservice': via }),
    'aws:viaawsservice': String(via !== undefined),
    'aws:principalisawsservice': 'false',
    'aws:principaltype': who.kind === 'operator' ? 'User' : 'AssumedRole',
    'aws:principalarn': roleArnOf(who),
    'aws:principalaccount': who.arn.split(':')[4] ?? account,
  };
}

// A role's session acts under the role's ARN (IAM guide, "aws:PrincipalArn").
function roleArnOf({ arn, roleArn }: Caller): string {
  return roleArn ?? arn.replace(/:sts:(:.*?):assumed-role\/([^/]+)\/.*/, ':iam:$1:role/$2');
}
