import { Aws } from 'aws-cdk-lib';
import type { FunctionName } from '../steps/environment.ts';
import { quarantinePrefix, workPrefix } from '../steps/tables.ts';
import type { Buckets } from './buckets.ts';
import type { Grant } from './role.ts';
import type { Tables } from './tables.ts';

/** What the grants speak of. `trailKeyArn`: the key of an existing trail bucket. */
export interface Resources {
  buckets: Buckets;
  tables: Tables;
  keyArn: string;
  trailKeyArn?: string | undefined;
}

export type Step = Exclude<FunctionName, 'intake'>;

/** All a step may do, beside its own logs and traces. Actions are those of the calls in `steps/`, no more. */
export function stepGrants({ buckets, tables, keyArn, trailKeyArn }: Resources): Record<Step, Grant[]> {
  const { trail, work } = buckets;
  const workData = [
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [work.arnForObjects(`${workPrefix}*`)],
      why: ownKeys,
    },
    useKey(keyArn, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
  const logFiles = [
    {
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [trail.arnForObjects('*')],
      why: 'Log files are named by CloudTrail, below a prefix of its own choice; they are only read.',
    },
    // Without it, S3 answers AccessDenied for a key that is not there.
    { actions: ['s3:ListBucket'], resources: [trail.bucketArn] },
    ...(trailKeyArn ? [useKey(trailKeyArn, 's3', ['kms:Decrypt'])] : []),
  ];
  const tableKey = useKey(keyArn, 'dynamodb', [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ]);
  return {
    fetch: [...workData, ...logFiles],
    decompress: [...workData, ...logFiles],
    filter: workData,
    normalize: workData,
    persist: [
      ...workData,
      // Insert and read only: nothing here can change or delete evidence.
      { actions: ['dynamodb:PartiQLInsert', 'dynamodb:BatchGetItem'], resources: [tables.evidence.tableArn] },
      {
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        resources: [tables.idempotency.tableArn],
      },
      tableKey,
    ],
    correlate: [
      ...workData,
      {
        actions: [
          'dynamodb:Query',
          'dynamodb:BatchGetItem',
          'dynamodb:PartiQLInsert',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
        ],
        resources: [tables.sessions.tableArn],
      },
      tableKey,
    ],
    quarantine: [
      ...workData,
      { actions: ['s3:PutObject'], resources: [work.arnForObjects(`${quarantinePrefix}*`)], why: ownKeys },
    ],
  };
}

/** All intake may do, beside its own logs and traces. */
export function intakeGrants(
  { buckets: { work }, keyArn }: Resources,
  queueArns: string[],
  stateMachineArn: string,
): Grant[] {
  return [
    { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], resources: queueArns },
    useKey(keyArn, 'sqs', ['kms:Decrypt']),
    { actions: ['states:StartExecution'], resources: [stateMachineArn] },
    useKey(keyArn, 'states', ['kms:Decrypt', 'kms:GenerateDataKey']),
    {
      actions: ['s3:PutObject'],
      resources: [work.arnForObjects(`${workPrefix}*`), work.arnForObjects(`${quarantinePrefix}*`)],
      why: ownKeys,
    },
    useKey(keyArn, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

const ownKeys = 'Objects are named after executions; the grant ends at the prefix.';

/** The key, only for requests that the service itself makes for the role. */
function useKey(keyArn: string, service: string, actions: string[]): Grant {
  return {
    actions,
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
  };
}
