import { matchesArn, matchesWildcards } from '../iam/wildcards.ts';
import { isObject, type JsonObject } from '../template/json.ts';
import { Unsupported } from '../template/unsupported.ts';

/** A service's delivery to a queue, as the queue's policy sees it. */
export interface Delivery {
  /** `events.amazonaws.com`, `sns.amazonaws.com` */
  service: string;
  queueArn: string;
  /** ARN of the rule or topic */
  sourceArn: string;
  sourceAccount: string;
}

/**
 * Whether a queue's resource policy lets a service send: some Allow matches and no Deny does.
 * @throws Unsupported for a principal, condition operator or key that is not known here
 */
export function allowsDelivery(policies: JsonObject[], delivery: Delivery): boolean {
  const statements = policies.flatMap(policy => list(policy.Statement)).filter(isObject);
  const matching = statements.filter(statement => matches(statement, delivery));
  return (
    matching.some(statement => statement.Effect === 'Allow') &&
    !matching.some(statement => statement.Effect === 'Deny')
  );
}

function matches(statement: JsonObject, delivery: Delivery): boolean {
  for (const key of Object.keys(statement)) {
    if (!['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'].includes(key)) {
      throw new Unsupported(`${key} in a queue policy`);
    }
  }
  return (
    isPrincipal(statement.Principal, delivery.service) &&
    list(statement.Action).some(action =>
      matchesWildcards(String(action).toLowerCase(), 'sqs:sendmessage'),
    ) &&
    list(statement.Resource).some(resource => matchesArn(String(resource), delivery.queueArn)) &&
    Object.entries(isObject(statement.Condition) ? statement.Condition : {}).every(([operator, keys]) =>
      holds(operator, keys, delivery),
    )
  );
}

function isPrincipal(principal: unknown, service: string): boolean {
  if (principal === '*') return true;
  if (!isObject(principal)) throw new Unsupported(`principal ${JSON.stringify(principal)} in a queue policy`);
  return list(principal.Service).includes(service) || list(principal.AWS).includes('*');
}

function holds(operator: string, keys: unknown, delivery: Delivery): boolean {
  const compare = operators[operator];
  if (!compare || !isObject(keys)) throw new Unsupported(`condition ${operator} in a queue policy`);
  const context: Record<string, string> = {
    'aws:sourcearn': delivery.sourceArn,
    'aws:sourceaccount': delivery.sourceAccount,
    'aws:securetransport': 'true',
  };
  return Object.entries(keys).every(([key, wanted]) => {
    const value = context[key.toLowerCase()];
    if (value === undefined) throw new Unsupported(`condition key ${key} in a queue policy`);
    return list(wanted).some(pattern => compare(String(pattern), value));
  });
}

const equal = (wanted: string, value: string) => wanted === value;
const operators: Record<string, (wanted: string, value: string) => boolean> = {
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  StringEquals: equal,
  StringLike: matchesWildcards,
  Bool: equal,
};

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
