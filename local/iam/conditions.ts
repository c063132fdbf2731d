import { matchesArn, matchesWildcards } from '../wildcards.ts';

/** What is known of a request besides action and resource: condition key (lower case) -> value or values. */
export type RequestContext = Record<string, string | string[]>;

export interface Condition {
  operator: string;
  key: string;
  values: string[];
}

type Test = (value: string, wanted: string) => boolean;
const ignoreCase: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();
const equals: Test = (value, wanted) => value === wanted;
const like: Test = (value, wanted) => matchesWildcards(wanted, value);
// ArnEquals and ArnLike behave identically (IAM guide, "ARN condition operators").
const arn: Test = (value, wanted) => matchesArn(wanted, value);

const tests: Record<string, Test> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: ignoreCase,
  StringLike: like,
  ArnEquals: arn,
  ArnLike: arn,
  Bool: ignoreCase,
  NumericLessThan: (value, wanted) => Number(value) < Number(wanted),
};
const negated: Record<string, Test> = {
  StringNotEquals: equals,
  StringNotEqualsIgnoreCase: ignoreCase,
  StringNotLike: like,
  ArnNotEquals: arn,
  ArnNotLike: arn,
};

/** Keys a local request has a value for, or truly none: a role calls directly, from no VPC and for no other service. */
const knownKeys = new Set(
  [
    ...[
      'aws:SecureTransport',
      'aws:RequestedRegion',
      'aws:ResourceAccount',
      'aws:ViaAWSService',
      'aws:CalledVia',
    ],
    ...['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalType', 'aws:PrincipalIsAWSService'],
    ...['aws:SourceArn', 'aws:SourceAccount', 'aws:SourceVpc', 'aws:SourceVpce'],
    ...['s3:ResourceAccount', 's3:prefix', 's3:delimiter', 's3:max-keys', 's3:VersionId'],
    ...['kms:ViaService', 'kms:CallerAccount'],
    // Of resource policies: what a partner's topic asks of a subscriber, and the trail bucket of CloudTrail.
    ...['sns:Protocol', 'sns:Endpoint', 's3:x-amz-acl', 's3:TlsVersion'],
  ].map(key => key.toLowerCase()),
);

const parse = (operator: string) =>
  /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/.exec(operator) ?? [];

/** Why a condition cannot be evaluated for local requests; undefined when it can. */
export function unsupportedCondition({ operator, key, values }: Condition): string | undefined {
  const [, set, name = '', ifExists] = parse(operator);
  if (!(name in tests) && !(name in negated) && name !== 'Null') return `the condition operator ${operator}`;
  if (name === 'Null' && (set || ifExists)) return `the condition operator ${operator}`;
  if ((name === 'Null' || name === 'Bool') && values.some(value => !/^(true|false)$/i.test(value))) {
    return `${operator} with the value ${values.join(', ')}`;
  }
  const wanted = key.toLowerCase();
  if (!knownKeys.has(wanted) && !wanted.startsWith('kms:encryptioncontext:'))
    return `the condition key ${key}`;
  return undefined;
}

/**
 * Whether a condition is met. A key the request does not have meets only negated operators, `IfExists` and
 * `ForAllValues` (IAM guide, "Condition operators" and "Set operators for multivalued context keys").
 */
export function meets({ operator, key, values }: Condition, context: RequestContext): boolean {
  const [, set, name = '', ifExists] = parse(operator);
  const known = context[key.toLowerCase()];
  if (name === 'Null')
    return values.some(value => (value.toLowerCase() === 'true') === (known === undefined));

  const actual = known === undefined ? [] : [known].flat();
  const test = tests[name] ?? negated[name];
  if (!test) throw new Error(`the condition operator ${operator} is not supported`);
  const not = !(name in tests);
  const holds = (value: string) => values.some(wanted => test(value, wanted)) !== not;
  if (set === 'ForAllValues') return actual.every(holds);
  if (actual.length === 0) return ifExists !== undefined || (not && set !== 'ForAnyValue');
  if (set === 'ForAnyValue') return actual.some(holds);
  if (actual.length > 1)
    throw new Error(`${key} has several values: ${operator} needs ForAnyValue or ForAllValues`);
  return actual.every(holds);
}
