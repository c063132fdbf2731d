import { Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { FunctionName } from '../steps/runtime/environment.ts';
import { quarantinePrefix, workPrefix } from '../steps/store/tables.ts';
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

export interface StepResources extends Resources {
  trailQueue: IQueue;
}

export type Step = Exclude<FunctionName, 'intake' | 'watch' | 'integrity'>;

/** All permissions of a step, in addition to its logs and traces. Actions are those of the calls in `steps/`, no more. */
export function stepGrants({
  buckets,
  tables,
  keyArn,
  trailKeyArn,
  trailQueue,
}: StepResources): Record<Step, Grant[]> {
  const { trail, work } = buckets;
  const objects = [work.arnForObjects(`${workPrefix}*`)];
  const readWork: Grant[] = [
    { actions: ['s3:GetObject'], resources: objects, why: ownKeys },
    useKey(keyArn, 's3', ['kms:Decrypt']),
  ];
  const writeWork: Grant[] = [
    { actions: ['s3:PutObject'], resources: objects, why: ownKeys },
    useKey(keyArn, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
  const workData: Grant[] = [
    { actions: ['s3:GetObject', 's3:PutObject'], resources: objects, why: ownKeys },
    useKey(keyArn, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
  const logFiles = readTrail(trail, trailKeyArn, ['s3:GetObject', 's3:GetObjectVersion']);
  const tableKey = useTableKey(keyArn);
  return {
    // The first state: no step before it left anything to read.
    fetch: [
      ...writeWork,
      ...logFiles,
      { actions: ['dynamodb:BatchGetItem'], resources: [tables.ledger.tableArn] },
      tableKey,
    ],
    decompress: [...workData, ...logFiles],
    filter: workData,
    normalize: workData,
    persist: [
      ...workData,
      // Insert and read only: nothing here can change or delete evidence.
      { actions: ['dynamodb:PartiQLInsert', 'dynamodb:BatchGetItem'], resources: [tables.evidence.tableArn] },
      // Of look-ups only the end is ever changed.
      {
        actions: ['dynamodb:PartiQLInsert', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
        resources: [tables.lookups.tableArn],
      },
      {
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        resources: [tables.idempotency.tableArn],
      },
      tableKey,
    ],
    correlate: [
      ...readWork,
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
    ledger: [
      ...readWork,
      // Insert only: nothing here can take back that a file was processed.
      { actions: ['dynamodb:PartiQLInsert'], resources: [tables.ledger.tableArn] },
      tableKey,
    ],
    quarantine: [
      { actions: ['s3:GetObject'], resources: objects, why: ownKeys },
      { actions: ['s3:PutObject'], resources: [work.arnForObjects(`${quarantinePrefix}*`)], why: ownKeys },
      useKey(keyArn, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
      // The log files of a batch that its function died of, one by one.
      { actions: ['sqs:SendMessage'], resources: [trailQueue.queueArn] },
      useKey(keyArn, 'sqs', ['kms:Decrypt', 'kms:GenerateDataKey']),
      ...countSenders(tables),
      tableKey,
    ],
  };
}

/** All permissions of intake, in addition to its logs and traces. */
export function intakeGrants(
  { buckets: { work }, tables, keyArn }: Resources,
  queueArns: string[],
  stateMachineArn: string,
): Grant[] {
  return [
    readQueues(queueArns),
    useKey(keyArn, 'sqs', ['kms:Decrypt']),
    { actions: ['states:StartExecution', 'states:ListExecutions'], resources: [stateMachineArn] },
    useKey(keyArn, 'states', ['kms:Decrypt', 'kms:GenerateDataKey']),
    {
      actions: ['s3:PutObject'],
      resources: [work.arnForObjects(`${workPrefix}*`), work.arnForObjects(`${quarantinePrefix}*`)],
      why: ownKeys,
    },
    useKey(keyArn, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
    ...countSenders(tables),
    useTableKey(keyArn),
  ];
}

/** Counting the refusals of each sender. */
function countSenders({ senders }: Tables): Grant[] {
  return [{ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [senders.tableArn] }];
}

/** All permissions of the watch, in addition to its logs and traces. */
export function watchGrants({ tables, keyArn }: Resources, alarmTopic: ITopic): Grant[] {
  const { sessions, evidence, ledger } = tables;
  return [
    {
      actions: ['dynamodb:Query'],
      resources: [
        sessions.tableArn,
        `${sessions.tableArn}/index/byStatus`,
        `${evidence.tableArn}/index/byCredential`,
        ledger.tableArn,
      ],
    },
    {
      actions: ['dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert', 'dynamodb:UpdateItem'],
      resources: [sessions.tableArn],
    },
    useTableKey(keyArn),
    ...tell(sessions, keyArn, alarmTopic),
  ];
}

/** All permissions of the digest check, in addition to its logs and traces. */
export function integrityGrants(
  { buckets: { trail }, tables: { ledger }, keyArn, trailKeyArn }: Resources,
  queueArn: string,
  alarmTopic: ITopic,
): Grant[] {
  return [
    readQueues([queueArn]),
    useKey(keyArn, 'sqs', ['kms:Decrypt']),
    ...readTrail(trail, trailKeyArn, ['s3:GetObject']),
    useKey(keyArn, 's3', ['kms:Decrypt']),
    {
      actions: ['cloudtrail:ListPublicKeys'],
      resources: ['*'],
      why: 'The keys CloudTrail signs with are its own: there is no resource to name.',
    },
    // Insert and read only: nothing here can take back that a file was tampered with.
    {
      actions: ['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert'],
      resources: [ledger.tableArn],
    },
    useTableKey(keyArn),
    ...tell(ledger, keyArn, alarmTopic),
  ];
}

/** Reading a queue, and changing when a returned message is visible again. */
function readQueues(resources: string[]): Grant {
  const actions = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'];
  return { actions: actions.map(action => `sqs:${action}`), resources };
}

/** Log files and digests. `actions`: on the objects. */
function readTrail(trail: IBucket, trailKeyArn: string | undefined, actions: string[]): Grant[] {
  return [
    {
      actions,
      resources: [trail.arnForObjects('*')],
      why: 'Log files are named by CloudTrail, below a prefix of its own choice; they are only read.',
    },
    // Without it, S3 answers AccessDenied for a key that is not there.
    { actions: ['s3:ListBucket'], resources: [trail.bucketArn] },
    ...(trailKeyArn ? [useKey(trailKeyArn, 's3', ['kms:Decrypt'])] : []),
  ];
}

/** To the account's event bus, and to the people at the alarm topic. */
function tell(scope: IConstruct, keyArn: string, alarmTopic: ITopic): Grant[] {
  const bus = Stack.of(scope).formatArn({
    service: 'events',
    resource: 'event-bus',
    resourceName: 'default',
  });
  return [
    { actions: ['events:PutEvents'], resources: [bus] },
    { actions: ['sns:Publish'], resources: [alarmTopic.topicArn] },
    useKey(keyArn, 'sns', ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

const ownKeys = 'Objects are named after executions; the grant ends at the prefix.';

/** What DynamoDB does with the key of a table on behalf of the caller. */
function useTableKey(keyArn: string): Grant {
  const actions = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'];
  return useKey(
    keyArn,
    'dynamodb',
    actions.map(action => `kms:${action}`),
  );
}

/** The key, only for requests that the service itself makes for the role. */
function useKey(keyArn: string, service: string, actions: string[]): Grant {
  return { actions, resources: [keyArn], via: service };
}
