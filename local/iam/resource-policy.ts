import type { Statement } from '../contract.ts';
import { isObject, type JsonObject } from '../template/json.ts';
import type { RequestContext } from './conditions.ts';
import { applies, type Grant, readStatement, UnsupportedPolicy } from './statement.ts';

/** Who asks: a service (`sns.amazonaws.com`), or an account's principal by its ARNs: a role's and its session's. */
export type Asking = { service: string } | { account: string; arns?: readonly string[] };

export interface ResourceRequest {
  who: Asking;
  action: string;
  resource: string;
  /** condition key in lower case -> value */
  context?: RequestContext;
}

/** How a statement speaks of somebody: by name, or of all in the account. */
type Address = 'itself' | 'account' | null;

interface ResourceStatement {
  grant: Grant;
  speaksOf: (who: Asking) => Address;
}

/** A policy attached to a resource, read once. */
export type ResourcePolicy = readonly ResourceStatement[];

/**
 * What a policy says to a request. `delegate`: it leaves the decision to the policies of the principal's account, because
 * it allows the account as a whole (IAM guide, "Principal"; KMS guide, "Default key policy").
 */
export type Said = 'allow' | 'delegate' | 'deny' | null;

/** Reads a resource's policy; `of` names the resource. Throws {@link UnsupportedPolicy} for what it cannot evaluate. */
export function readResourcePolicy(document: JsonObject, of: string): ResourcePolicy {
  return [document.Statement].flat().map(statement => {
    if (!isObject(statement))
      throw new UnsupportedPolicy(`a statement of the policy of ${of} is not an object`);
    const { Principal, ...others } = statement;
    return {
      grant: readStatement(others as unknown as Statement, of),
      speaksOf: principalTest(Principal, of),
    };
  });
}

/**
 * What the policy says: an explicit Deny wins. In a key policy the resource `*` is the key itself. Local requests count
 * as made over TLS: the local endpoint stands for AWS's.
 */
export function saidBy(
  policy: ResourcePolicy,
  { who, action, resource, context = {} }: ResourceRequest,
): Said {
  const all =
    'aws:securetransport' in context && 's3:tlsversion' in context ? context : { ...tls, ...context };
  let said: Said = null;
  for (const { grant, speaksOf } of policy) {
    const address = speaksOf(who);
    if (!address || !applies(grant, action, resource, all)) continue;
    if (grant.effect === 'Deny') return 'deny';
    if (address === 'itself') said = 'allow';
    else said ??= 'delegate';
  }
  return said;
}

const tls: RequestContext = { 'aws:securetransport': 'true', 's3:tlsversion': '1.3' };

/** Whether a policy by itself lets a service or somebody of another account do something. Throws UnsupportedPolicy. */
export function resourceAllows(document: JsonObject, request: ResourceRequest): boolean {
  const said = saidBy(readResourcePolicy(document, request.resource), request);
  return said === 'allow' || said === 'delegate';
}

function principalTest(principal: unknown, of: string): (who: Asking) => Address {
  const refuse = (what: unknown) =>
    new UnsupportedPolicy(`the policy of ${of} has the principal ${JSON.stringify(what)}, not supported`);
  if (principal === '*') return () => 'itself';
  if (!isObject(principal)) throw refuse(principal);
  const { Service = [], AWS = [], ...unknown } = principal;
  if (Object.keys(unknown).length > 0) throw refuse(unknown);
  const services = [Service].flat();
  const principals = [AWS].flat();
  for (const each of [...services, ...principals]) {
    // IAM takes no wildcard in a part of a principal.
    if (typeof each !== 'string' || (each !== '*' && /[*?$]/.test(each))) throw refuse(each);
  }
  return who => {
    if (principals.includes('*')) return 'itself';
    if ('service' in who) return services.includes(who.service) ? 'itself' : null;
    if (who.arns?.some(arn => principals.includes(arn))) return 'itself';
    // An account stands for itself as its root's ARN or as its bare id (IAM guide, "Principal").
    const root = `:iam::${who.account}:root`;
    return principals.some(each => each === who.account || String(each).endsWith(root)) ? 'account' : null;
  };
}
