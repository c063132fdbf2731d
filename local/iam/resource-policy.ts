import type { Statement } from '../contract.ts';
import { isObject, type JsonObject } from '../template/json.ts';
import type { RequestContext } from './conditions.ts';
import { applies, type Grant, readStatement, UnsupportedPolicy } from './statement.ts';

/** Who asks: a service (`sns.amazonaws.com`), or an account by its id. */
export type Asking = { service: string } | { account: string };

export interface ResourceRequest {
  who: Asking;
  action: string;
  resource: string;
  /** condition key in lower case -> value */
  context?: RequestContext;
}

/**
 * Whether a resource's own policy lets somebody from outside its account, or a service, do something: deny by default,
 * an explicit Deny wins (IAM guide, "Policy evaluation logic"). In a key policy the resource `*` is the key itself.
 * Throws UnsupportedPolicy for a statement it cannot evaluate.
 */
export function resourceAllows(
  document: JsonObject,
  { who, action, resource, context = {} }: ResourceRequest,
): boolean {
  const speaking = [document.Statement]
    .flat()
    .map(statement => readResourceStatement(statement))
    .filter(({ grant, speaksOf }) => speaksOf(who) && applies(grant, action, resource, withTls(context)));
  return (
    speaking.some(({ grant }) => grant.effect === 'Allow') &&
    !speaking.some(({ grant }) => grant.effect === 'Deny')
  );
}

const withTls = (context: RequestContext): RequestContext => ({
  'aws:securetransport': 'true',
  's3:tlsversion': '1.3',
  ...context,
});

function readResourceStatement(statement: unknown): { grant: Grant; speaksOf: (who: Asking) => boolean } {
  if (!isObject(statement)) throw new UnsupportedPolicy('a statement of a resource policy is no object');
  const { Principal, ...others } = statement;
  const speaksOf = principalTest(Principal);
  return { grant: readStatement(others as unknown as Statement, 'a resource'), speaksOf };
}

function principalTest(principal: unknown): (who: Asking) => boolean {
  if (principal === '*') return () => true;
  if (!isObject(principal))
    throw new UnsupportedPolicy(`the principal ${JSON.stringify(principal)} is not supported`);
  const { Service, AWS, ...unknown } = principal;
  if (Object.keys(unknown).length > 0)
    throw new UnsupportedPolicy(`the principal ${JSON.stringify(unknown)} is not supported`);
  const services = [Service].flat();
  const accounts = [AWS].flat();
  return who => {
    if (accounts.includes('*')) return true;
    if ('service' in who) return services.includes(who.service);
    // An account stands for itself as its root's ARN or as its bare id (IAM guide, "Principal").
    return accounts.some(
      each =>
        each === who.account || (typeof each === 'string' && each.endsWith(`:iam::${who.account}:root`)),
    );
  };
}
