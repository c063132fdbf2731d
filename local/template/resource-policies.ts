import { Unsupported } from '../contract.ts';
import { type ResourcePolicy, readResourcePolicy } from '../iam/resource-policy.ts';
import type { Attached, Resources } from '../iam/resources.ts';
import type { Deployment, Running } from './deployment.ts';
import type { JsonObject } from './json.ts';
import { keysInUse } from './keys.ts';
import type { ShapeName } from './shapes.ts';

/**
 * The policies of all queues, topics, buckets and keys of the stacks, and which key each resource uses. Of what is in no
 * stack (a trail bucket that was there before), neither is known.
 * @throws Unsupported for two policies of one resource, of which AWS keeps the last; UnsupportedPolicy for a statement
 * that cannot be evaluated
 */
export function resourcePolicies(deployment: Deployment): Resources {
  const policies = new Map<string, ResourcePolicy>();
  const attach = (arn: string, document: JsonObject) => {
    if (policies.has(arn)) throw new Unsupported(`a second policy of ${arn}, which would replace the first`);
    policies.set(arn, readResourcePolicy(document, arn));
  };
  const arns = arnsByRef(deployment);
  const arnOf = (ref: string, policy: string) => {
    const arn = arns.get(ref);
    if (arn === undefined) throw new Unsupported(`policy ${policy} of ${ref}, which is in no stack`);
    return arn;
  };
  for (const { logicalId, properties } of everywhere(deployment, 'AWS::SQS::QueuePolicy'))
    for (const url of properties.Queues) attach(arnOf(url, logicalId), properties.PolicyDocument);
  for (const { logicalId, properties } of everywhere(deployment, 'AWS::SNS::TopicPolicy'))
    for (const arn of properties.Topics) attach(arnOf(arn, logicalId), properties.PolicyDocument);
  for (const { logicalId, properties } of everywhere(deployment, 'AWS::S3::BucketPolicy'))
    attach(arnOf(properties.Bucket, logicalId), properties.PolicyDocument);

  const keys = keysInUse(deployment);
  const attached = (arn: string): Attached | undefined => {
    const policy = policies.get(arn);
    return policy && { policy, account: arn.split(':')[4] || deployment.account };
  };
  return {
    policyOf: arn => attached(holderOf(arn)),
    keyOf: arn => keys(holderOf(arn), arn),
  };
}

/** Resources of one type in all stacks. */
function everywhere<T extends ShapeName>(deployment: Deployment, type: T): Running<T>[] {
  return [...deployment.of(type), ...deployment.partnersOf(type)];
}

/** What a policy's Ref gives -> ARN, of everything a policy can be attached to. */
function arnsByRef({ stacks }: Deployment): Map<string, string> {
  const types = ['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::S3::Bucket'];
  return new Map(
    stacks
      .flatMap(stack => stack.resources)
      .filter(({ type }) => types.includes(type))
      .map(({ ref, attributes }) => [ref, attributes.Arn ?? ref]),
  );
}

/** The resource that policy and key belong to: an object's bucket, an index's table, an execution's state machine. */
export function holderOf(arn: string): string {
  const [, , service = ''] = arn.split(':', 3);
  if (service === 's3') return arn.includes('/') ? arn.slice(0, arn.indexOf('/')) : arn;
  if (service === 'dynamodb') return arn.replace(/^((?:[^:]*:){5}table\/[^/]+)\/.*/, '$1');
  if (service === 'states') return arn.replace(/^((?:[^:]*:){5})execution:([^:]+):.*/, '$1stateMachine:$2');
  return arn;
}
