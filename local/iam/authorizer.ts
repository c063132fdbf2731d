import type { Authorizer, Caller, KeyAction, Need, ServicePrincipal, Statement } from '../contract.ts';
import { urlSuffixOf } from '../template/names.ts';
import type { RequestContext } from './conditions.ts';
import { type Account, askingOf, Contexts, namesOf } from './context.ts';
import { decide, type Identity } from './decision.ts';
import { codeOf, denial, keyCodeOf } from './denial.ts';
import { saidBy } from './resource-policy.ts';
import { type Attached, type KeyInUse, noResources, type Resources } from './resources.ts';
import { applies, type Grant, readStatement } from './statement.ts';

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
  /** every distinct check since the start, in the order they first came */
  checks(): Check[];
}

interface Asked extends Need {
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
  home: Account,
  resources: Resources = noResources,
): RecordingAuthorizer {
  const grants = new Map<string, Grant[]>(
    Object.entries(policies).map(([role, list]) => [
      role,
      list.map(statement => readStatement(statement, role)),
    ]),
  );
  const checks = new Map<string, Check>();
  const contexts = new Contexts(home);
  const silent = new WeakMap<ServicePrincipal, ServicePrincipal>();
  /** who may use which key as it is bound: asked at nearly every request, and always the same */
  const keyUses = new WeakMap<KeyInUse, Map<Caller | ServicePrincipal, Map<string, Check>>>();

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

  function answer(who: Caller | ServicePrincipal, name: string, asked: Asked) {
    const { action, resource, attached, via } = asked;
    const owner = attached?.account ?? (resource.split(':')[4] || home.account);
    const known = contexts.of(who, { owner, resource, via });
    const context = asked.context ? { ...known, ...asked.context } : known;
    const said = attached
      ? saidBy(attached.policy, { who: askingOf(who, name, home), action, resource, context })
      : null;
    const because = decide({
      identity: who.kind === 'service' ? 'service' : identity(who, asked, context),
      resource: said,
      key: via !== undefined,
      foreign: owner !== home.account,
    });
    const check = { caller: name, action, resource, allowed: because === null };
    return { because, check: record(via === undefined ? check : { ...check, via }) };
  }

  function record(check: Omit<Check, 'times'>): Check {
    // The resource last: only it may hold a line break.
    const key = `${check.caller}\n${check.action}\n${check.allowed}\n${check.via}\n${check.resource}`;
    const known = checks.get(key) ?? { ...check, times: 0 };
    known.times += 1;
    checks.set(key, known);
    return known;
  }

  function ask(who: Caller | ServicePrincipal, asked: Asked, code: [string, number]): Check {
    const reasons: string[] = [];
    for (const name of namesOf(who)) {
      const { because, check } = answer(who, name, asked);
      if (because === null) return check;
      reasons.push(because);
    }
    throw denial(who, asked, reasons[0] ?? '', code);
  }

  function usesOf(who: Caller | ServicePrincipal, key: KeyInUse): Map<string, Check> {
    const all = keyUses.get(key) ?? new Map<Caller | ServicePrincipal, Map<string, Check>>();
    keyUses.set(key, all);
    const own = all.get(who) ?? new Map<string, Check>();
    all.set(who, own);
    return own;
  }

  /**
   * AWS's documents disagree on whether a service says for whom it publishes to a topic or uses a key: what is allowed has
   * to be allowed either way.
   */
  function bothWays(who: Caller | ServicePrincipal): (Caller | ServicePrincipal)[] {
    if (who.kind !== 'service') return [who];
    const twin = silent.get(who) ?? { ...who, silent: true };
    silent.set(who, twin);
    return [who, twin];
  }

  function authorizeKey(who: Caller | ServicePrincipal, resource: string, actions: readonly KeyAction[]) {
    const key = resources.keyOf(resource);
    if (!key) return;
    const service = resource.split(':')[2] ?? '';
    const via = `${service}.${home.region}.${urlSuffixOf(home.region)}`;
    const known = usesOf(who, key);
    for (const action of actions) {
      const before = known.get(action);
      if (before) before.times += 1;
      else {
        const asked = { action, resource: key.arn, context: key.context, attached: key, via };
        known.set(action, ask(who, asked, keyCodeOf(service)));
      }
    }
  }

  return {
    checks: () => [...checks.values()],
    authorizeKey,
    authorize(who, needs) {
      for (const need of needs) {
        const attached = resources.policyOf(need.resource);
        const asking = need.action === 'sns:Publish' ? bothWays(who) : [who];
        for (const each of asking) ask(each, { ...need, attached }, codeOf(need.action.split(':')[0] ?? ''));
        if (!need.key) continue;
        for (const each of bothWays(who)) authorizeKey(each, need.resource, need.key);
      }
    },
  };
}
