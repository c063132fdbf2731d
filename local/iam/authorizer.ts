import type { Authorizer, Caller, KeyAction, Need, ServicePrincipal, Statement } from '../contract.ts';
import { urlSuffixOf } from '../template/names.ts';
import type { RequestContext } from './conditions.ts';
import { type Account, askingOf, contextOf, namesOf } from './context.ts';
import { decide, type Identity } from './decision.ts';
import { codeOf, denial, keyCodeOf } from './denial.ts';
import { saidBy } from './resource-policy.ts';
import { type Attached, noResources, type Resources } from './resources.ts';
import { applies, type Grant, readStatement } from './statement.ts';

/** A need with what conditions may ask for, such as `s3:prefix`. */
export interface NeedInContext extends Need {
  context?: RequestContext;
}

/** One distinct check: how often `caller` (a role's logical id, `operator`, or a service) asked, and the answer. */
export interface Check {
  action: string;
  resource: string;
  caller: string;
  allowed: boolean;
  times: number;
  /** of a key's use: the service that asks for the caller, as `kms:ViaService` has it */
  via?: string;
}

export interface RecordingAuthorizer extends Authorizer {
  authorize(who: Caller | ServicePrincipal, needs: NeedInContext[]): void;
  /** every distinct check since the start, in the order they first came */
  checks(): Check[];
}

interface Asked extends NeedInContext {
  attached: Attached | undefined;
  via?: string;
}

/**
 * Holds requests against the policies of who makes them, of what they reach and of its key: deny by default, an explicit
 * Deny wins (see {@link decide}). `policies`: a role's logical id -> all statements of its policies, intrinsics
 * resolved. The operator's own policies would allow everything; what a resource denies is denied to the operator, too.
 * Boundaries and session policies are not looked at. `aws:SecureTransport` is `true`: the local endpoint stands for
 * AWS's, which speaks TLS. Throws UnsupportedPolicy for a statement it cannot evaluate.
 */
export function createAuthorizer(
  policies: Record<string, Statement[]>,
  place: Account,
  resources: Resources = noResources,
): RecordingAuthorizer {
  const grants = new Map<string, Grant[]>(
    Object.entries(policies).map(([role, list]) => [
      role,
      list.map(statement => readStatement(statement, role)),
    ]),
  );
  const checks = new Map<string, Check>();

  function identity(who: Caller, { action, resource }: Asked, context: RequestContext): Identity {
    if (who.kind === 'operator') return 'allow';
    let said: Identity = null;
    for (const grant of grants.get(who.name) ?? []) {
      if (!applies(grant, action, resource, context)) continue;
      if (grant.effect === 'Deny') return 'deny';
      said = 'allow';
    }
    return said;
  }

  /** Throws nothing: null, or why not. */
  function answer(who: Caller | ServicePrincipal, name: string, asked: Asked): string | null {
    const { action, resource, attached, via } = asked;
    const owner = attached?.account ?? (resource.split(':')[4] || place.account);
    const context = { ...contextOf(who, place, { owner, resource, via }), ...asked.context };
    const said = attached
      ? saidBy(attached.policy, { who: askingOf(who, name, place), action, resource, context })
      : null;
    const because = decide({
      identity: who.kind === 'service' ? 'service' : identity(who, asked, context),
      resource: said,
      key: via !== undefined,
      foreign: owner !== place.account,
    });
    record({ caller: name, action, resource, allowed: because === null, ...(via !== undefined && { via }) });
    return because;
  }

  function record(check: Omit<Check, 'times'>): void {
    const key = JSON.stringify([check.caller, check.action, check.resource, check.allowed, check.via]);
    const known = checks.get(key);
    if (known) known.times += 1;
    else checks.set(key, { ...check, times: 1 });
  }

  function ask(who: Caller | ServicePrincipal, asked: Asked, code: [string, number]): void {
    const reasons: string[] = [];
    for (const name of namesOf(who)) {
      const because = answer(who, name, asked);
      if (because === null) return;
      reasons.push(because);
    }
    throw denial(who, asked, reasons[0] ?? '', code);
  }

  function authorizeKey(who: Caller | ServicePrincipal, resource: string, actions: readonly KeyAction[]) {
    const key = resources.keyOf(resource);
    if (!key) return;
    const service = resource.split(':')[2] ?? '';
    const via = `${service}.${place.region}.${urlSuffixOf(place.region)}`;
    for (const action of actions) {
      ask(who, { action, resource: key.arn, context: key.context, attached: key, via }, keyCodeOf(service));
    }
  }

  return {
    checks: () => [...checks.values()],
    authorizeKey,
    authorize(who, needs) {
      for (const need of needs) {
        const attached = resources.policyOf(need.resource);
        ask(who, { ...need, attached }, codeOf(need.action.split(':')[0] ?? ''));
        if (need.key) authorizeKey(who, need.resource, need.key);
      }
    },
  };
}
