import { Unsupported } from '../contract.ts';
import type { RequestContext } from '../iam/conditions.ts';
import { readResourcePolicy } from '../iam/resource-policy.ts';
import type { Attached, KeyInUse } from '../iam/resources.ts';
import type { Deployment } from './deployment.ts';
import type { JsonObject } from './json.ts';

interface Encrypted {
  key: KeyInUse;
  /** S3 binds the key to the object, or, with a bucket key, to the bucket */
  byObject: boolean;
}

/** The key of a resource by the ARN of its holder; `arn`: of what is asked for, an object or the holder itself. */
export type KeyLookUp = (holder: string, arn: string) => KeyInUse | undefined;

/**
 * Which key each encrypted resource of the stacks uses, if the template names one: a bucket's or table's own key of AWS may
 * be used by whoever may use the bucket or table.
 * @throws Unsupported for a key that is in no stack, and so for AWS's own by its alias: no service may deliver with that
 */
export function keysInUse(deployment: Deployment): KeyLookUp {
  const keys = keysById(deployment);
  const inUse = new Map<string, Encrypted>();
  const use = (arn: string, id: string | undefined, byObject = false) => {
    if (id === undefined) return;
    const key = keys.get(id);
    if (!key) throw new Unsupported(`the key ${id} of ${arn}: its policy is in no stack`);
    inUse.set(arn, { key: { ...key, context: encryptionContext(arn) }, byObject });
  };
  const { of, partnersOf } = deployment;
  for (const { arn, properties } of of('AWS::SQS::Queue')) use(arn, properties.KmsMasterKeyId);
  for (const { arn, properties } of [...of('AWS::SNS::Topic'), ...partnersOf('AWS::SNS::Topic')])
    use(arn, properties.KmsMasterKeyId);
  for (const { arn, properties } of of('AWS::DynamoDB::Table'))
    use(arn, properties.SSESpecification?.KMSMasterKeyId);
  for (const { arn, properties } of of('AWS::StepFunctions::StateMachine'))
    use(arn, properties.EncryptionConfiguration?.KmsKeyId);
  for (const { arn, properties } of of('AWS::Logs::LogGroup')) use(arn, properties.KmsKeyId);
  for (const { arn, properties } of of('AWS::S3::Bucket')) {
    const [rule] = properties.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
    use(arn, rule?.ServerSideEncryptionByDefault.KMSMasterKeyID, !rule?.BucketKeyEnabled);
  }
  return (holder, arn) => {
    const encrypted = inUse.get(holder);
    if (!encrypted) return undefined;
    const { key, byObject } = encrypted;
    return byObject ? { ...key, context: encryptionContext(arn) } : key;
  };
}

/** By ARN and by id, as templates name them. */
function keysById(deployment: Deployment): Map<string, Attached & { arn: string }> {
  const keys = new Map<string, Attached & { arn: string }>();
  for (const each of [...deployment.of('AWS::KMS::Key'), ...deployment.partnersOf('AWS::KMS::Key')]) {
    const { arn, properties } = each;
    const account = arn.split(':')[4] ?? '';
    const policy = readResourcePolicy(properties.KeyPolicy ?? leftToAccount(account), arn);
    const key = { arn, account, policy };
    keys.set(arn, key);
    keys.set(arn.slice(arn.indexOf('/') + 1), key);
  }
  return keys;
}

function leftToAccount(account: string): JsonObject {
  return { Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }] };
}

/** What each service binds a data key to, and which key of the context conditions may ask for (guide of each service). */
function encryptionContext(arn: string): RequestContext {
  const [, , service, , account = '', resource = ''] = arn.split(':');
  const named: Record<string, RequestContext> = {
    s3: { 'aws:s3:arn': arn },
    sqs: { 'aws:sqs:arn': arn },
    sns: { 'aws:sns:topicarn': arn },
    states: { 'aws:states:statemachinearn': arn },
    logs: { 'aws:logs:arn': arn.replace(/:\*$/, '') },
    dynamodb: {
      'aws:dynamodb:tablename': resource.replace('table/', ''),
      'aws:dynamodb:subscriberid': account,
    },
  };
  const context = service === undefined ? undefined : named[service];
  return Object.fromEntries(
    Object.entries(context ?? {}).map(([key, value]) => [`kms:encryptioncontext:${key}`, value]),
  );
}
