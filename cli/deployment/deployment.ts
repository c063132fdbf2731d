import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Cloud, Running } from '@roletrail/local';
import { requiredArn } from '../../core/records/arn.ts';
import { customUserAgent } from '../../steps/runtime/clients.ts';
import { AlertsTable } from '../../steps/store/alerts-table.ts';
import { EvidenceTable } from '../../steps/store/evidence-table.ts';
import { IntegrityTable } from '../../steps/store/integrity-table.ts';
import { LedgerTable } from '../../steps/store/ledger-table.ts';
import { LookupsTable } from '../../steps/store/lookups-table.ts';
import { NamesTable } from '../../steps/store/names-table.ts';
import { RefusedTable } from '../../steps/store/refused-table.ts';
import { SessionsTable } from '../../steps/store/sessions-table.ts';
import { trailKeys } from '../../steps/store/trail-keys.ts';
import { WorkData } from '../../steps/transport/work-data.ts';
import type { AskedStore } from '../queries/store.ts';
import { StateMachineExecutions } from './execution-queries.ts';
import { deployedList, type Outputs, productionOutputs } from './outputs.ts';
import { BucketQuarantine } from './quarantine-queries.ts';
import { TrailBucket } from './trail-queries.ts';

/** One running roletrail, on AWS or embedded: what can be asked of it, and the clients that act on it. */
export interface Deployment extends AskedStore {
  outputs: Outputs;
  region: string;
  sfn: SFNClient;
  s3: S3Client;
  sqs: SQSClient;
  workData: WorkData;
  /** resolves when all that was sent has been processed; null where nobody can tell (AWS) */
  settled: (() => Promise<void>) | null;
  /** the address at which AWS's console shows an execution; null where it shows none of them */
  consoleOf: ((executionArn: string) => string) | null;
}

interface ClientOptions {
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** The embedded cloud's deployment. */
export function localDeployment(cloud: Cloud): Deployment {
  const { region, endpoint, credentials } = cloud;
  const found = deployment(
    productionOutputs(cloud.outputs, 'the embedded stack'),
    { region, endpoint, credentials },
    true,
  );
  const busy = () => Object.values(cloud.activity()).some(count => count > 0);
  return { ...found, settled: () => cloud.idle(), busy };
}

/** The deployment in the embedded cloud of another process. What is under way there it does not tell: always something. */
export function attachedDeployment({ pid, region, endpoint, credentials, outputs }: Running): Deployment {
  const found = deployment(
    productionOutputs(outputs, 'the embedded stack'),
    { region, endpoint, credentials },
    true,
  );
  return { ...found, host: pid, busy: () => true };
}

/**
 * The deployment the outputs speak of. Credentials, profile and endpoints (`AWS_ENDPOINT_URL`,
 * `AWS_ENDPOINT_URL_S3`...) come from the environment as for every AWS SDK (AWS SDKs reference guide); the region is
 * the state machine's.
 */
export function awsDeployment(outputs: Outputs, environment: NodeJS.ProcessEnv = process.env): Deployment {
  const region = regionOf(outputs);
  // A bucket's name as host name does not resolve at an emulator's address.
  const pathStyle = Boolean(environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL);
  return { ...deployment(outputs, { region }, pathStyle), consoleOf: pathStyle ? null : consoleAddress };
}

/** The region of what was deployed. */
export function regionOf({ StateMachineArn }: Outputs): string {
  return requiredArn(StateMachineArn).region;
}

/** Domains of the console (AWS documentation, service endpoints of the partitions). */
const consoles: Record<string, string> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

function consoleAddress(executionArn: string): string {
  const { partition, region } = requiredArn(executionArn);
  const host = consoles[partition] ?? `${region}.console.aws.amazon.com`;
  return `https://${host}/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

function deployment(outputs: Outputs, at: ClientOptions, forcePathStyle: boolean): Deployment {
  const options = { ...at, customUserAgent };
  const dynamo = new DynamoDBClient(options);
  const s3 = new S3Client({ ...options, forcePathStyle });
  const sfn = new SFNClient(options);
  return {
    outputs,
    region: options.region,
    audited: () => deployedList(outputs, 'AuditedRoles'),
    lack: null,
    graceMinutes: Number(outputs.GraceMinutes),
    retentionDays: outputs.RetentionDays === 'unlimited' ? null : Number(outputs.RetentionDays),
    sfn,
    s3,
    // A queue's URL is AWS's, also where the SDK has another endpoint.
    sqs: new SQSClient({ ...options, useQueueUrlAsEndpoint: false }),
    evidence: new EvidenceTable(dynamo, outputs.EvidenceTableName),
    records: new LookupsTable(dynamo, outputs.LookupsTableName),
    sessions: new SessionsTable(dynamo, outputs.SessionsTableName),
    names: new NamesTable(dynamo, outputs.SessionsTableName),
    alerts: new AlertsTable(dynamo, outputs.SessionsTableName),
    refused: new RefusedTable(dynamo, outputs.SessionsTableName),
    ledger: new LedgerTable(dynamo, outputs.LedgerTableName),
    integrity: new IntegrityTable(dynamo, outputs.LedgerTableName),
    executions: new StateMachineExecutions(sfn, outputs.StateMachineArn),
    quarantine: new BucketQuarantine(s3, outputs.WorkBucketName),
    trail: new TrailBucket(s3, {
      bucket: outputs.TrailBucketName,
      account: requiredArn(outputs.StateMachineArn).account,
      keys: trailKeys(options),
    }),
    workData: new WorkData(s3, outputs.WorkBucketName, 'cli'),
    settled: null,
    host: null,
    busy: null,
    consoleOf: null,
  };
}
