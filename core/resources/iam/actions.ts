import data from './actions.json' with { type: 'json' };

type Level = 'permission' | 'write' | 'read';
interface Service {
  actions: { [level in Level]?: Record<string, string> };
  types: Record<string, string>;
}

const services: Record<string, Service> = data;

/**
 * IAM's prefix where eventSource begins otherwise: endpoints and signing names of AWS's SDK models that are no prefix of the
 * service authorization reference.
 */
const prefixes: Record<string, string> = {
  monitoring: 'cloudwatch',
  email: 'ses',
  's3-control': 's3',
  tagging: 'tag',
  cloudcontrolapi: 'cloudformation',
  appstream2: 'appstream',
  cloudhsmv2: 'cloudhsm',
  'memory-db': 'memorydb',
  pinpoint: 'mobiletargeting',
  'servicecatalog-appregistry': 'servicecatalog',
  oidc: 'sso-oauth',
  iotdata: 'iot',
};

function serviceOf(source: string): Service | undefined {
  const last = source.slice(source.lastIndexOf('.') + 1);
  const first = source.slice(0, source.indexOf('.') + 1).replace('.', '');
  const marketplace = source.includes('marketplace') ? 'aws-marketplace' : '';
  const names = [prefixes[source] ?? source, last, first, marketplace];
  const known = names.find(name => Object.hasOwn(services, name));
  return known === undefined ? undefined : services[known];
}

/**
 * S3 (user guide, "Required permissions for Amazon S3 API operations") and others log what an API calls an operation, and IAM
 * calls the permission otherwise (service authorization reference, "API operations").
 */
const otherNames: Record<string, [RegExp, string][]> = {
  s3: [
    [/^(?:Put|Delete)BucketLifecycle(?:Configuration)?$/, 'PutLifecycleConfiguration'],
    [/^GetBucketLifecycle(?:Configuration)?$/, 'GetLifecycleConfiguration'],
    [/^(?:Put|Delete)BucketEncryption$/, 'PutEncryptionConfiguration'],
    [/^GetBucketEncryption$/, 'GetEncryptionConfiguration'],
    [/^(?:Put|Delete)BucketReplication$/, 'PutReplicationConfiguration'],
    [/^GetBucketReplication$/, 'GetReplicationConfiguration'],
    [/^(?:Put|Delete)BucketCors$/, 'PutBucketCORS'],
    [/^GetBucketCors$/, 'GetBucketCORS'],
    [/^DeleteBucketTagging$/, 'PutBucketTagging'],
    [/^DeleteBucketOwnershipControls$/, 'PutBucketOwnershipControls'],
    [/^(?:Put|Delete)(?:Bucket)?PublicAccessBlock$/, 'PutBucketPublicAccessBlock'],
    [/^DeleteAccountPublicAccessBlock$/, 'PutAccountPublicAccessBlock'],
    [/^GetPublicAccessBlock$/, 'GetBucketPublicAccessBlock'],
    [/^(?:CopyObject|UploadPart(?:Copy)?|(?:Create|Complete)MultipartUpload)$/, 'PutObject'],
    [/^(?:HeadObject|SelectObjectContent)$/, 'GetObject'],
    [/^(?:HeadBucket|ListObjects(?:V2)?)$/, 'ListBucket'],
    [/^DeleteObjects$/, 'DeleteObject'],
    [/^ListBuckets$/, 'ListAllMyBuckets'],
    [/^ListObjectVersions$/, 'ListBucketVersions'],
    [/^ListMultipartUploads$/, 'ListBucketMultipartUploads'],
    [/^ListParts$/, 'ListMultipartUploadParts'],
  ],
  lambda: [[/^Invoke(?:Async|WithResponseStream)?$/, 'InvokeFunction']],
  dynamodb: [
    [/^TransactGetItems$/, 'GetItem'],
    [/^TransactWriteItems$/, 'PutItem'],
  ],
  kms: [[/^ReEncrypt$/, 'ReEncryptFrom']],
  sqs: [[/^(SendMessage|DeleteMessage|ChangeMessageVisibility)Batch$/, '$1']],
  sns: [[/^PublishBatch$/, 'Publish']],
  bedrock: [[/^Converse(?:Stream)?$/, 'InvokeModel']],
};

/** IAM's access level of a call, by the service in eventSource and the call without a version; null for one it does not know. */
export function levelOf(source: string, call: string): Level | null {
  const service = serviceOf(source);
  if (!service) return null;
  const [pattern, action] = otherNames[source]?.find(([name]) => name.test(call)) ?? [];
  const name = pattern && action ? call.replace(pattern, action) : call;
  const verb = /^(?:[A-Z][a-z]+|.)/.exec(name)?.[0] ?? '';
  const rest = name.slice(verb.length);
  const levels = Object.entries(service.actions) as [Level, Record<string, string>][];
  const known = levels.find(
    ([, verbs]) => Object.hasOwn(verbs, verb) && verbs[verb]?.split(' ').includes(rest),
  );
  return known?.[0] ?? null;
}

/** ARNs of a service's resource types behind the partition, each hole `${Name}`, `@` for Region and account. */
export function typesOf(source: string): [kind: string, arn: string][] {
  return Object.entries(serviceOf(source)?.types ?? {}).flatMap(([kind, arns]) =>
    arns.split(', ').map((arn): [string, string] => [kind, arn]),
  );
}
