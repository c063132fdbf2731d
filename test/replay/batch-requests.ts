import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { composeCloud, type HttpService, type OpenStores, openStores } from '@roletrail/local/compose';
import { auditedRoleArn } from '../../bench/generator/accounts.ts';
import { generate } from '../../bench/generator.ts';
import { writeUnits } from '../../bench/write-units.ts';
import { localDeployment } from '../../cli/deployment/deployment.ts';
import { functionCache } from '../../cli/project.ts';
import { replayedKey } from '../../core/records/log-key.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import {
  evidenceTable,
  ledgerTable,
  lookupsTable,
  sessionsTable,
  type TableSchema,
  workPrefix,
} from '../../steps/store/tables.ts';
import { type Counts, noCounts, type ObjectsInput } from '../../steps/transport/payloads.ts';
import { synthesized } from '../synthesized.ts';
import { historyOf } from './execution-history.ts';

export interface BatchRequests {
  counts: Counts;
  /** states entered */
  states: number;
  /** functions invoked by the state machine */
  invocations: number;
  /** what the functions asked S3 and DynamoDB for: `s3 GET`, `s3 GET of a log file`, `dynamodb BatchExecuteStatement` -> requests */
  requests: Record<string, number>;
  /** write units of the items that lie in the tables afterwards, indexes included */
  units: { evidence: number; lookups: number; sessions: number; ledger: number };
}

const config: RoletrailConfig = {
  production: { account: '999999999999', region: 'us-east-1' },
  auditedRoles: [auditedRoleArn],
  partners: [],
  trailBucket: { name: 'cloudtrailbucket-999999999999', create: true },
  batch: { size: 100, windowSeconds: 1 },
};

/**
 * Runs one execution over so many log files of 12 kept calls each in the embedded cloud and counts what AWS would bill.
 * `folder` takes the files, the assembly and the state.
 */
export async function batchRequests(folder: string, files: number): Promise<BatchRequests> {
  const out = join(folder, 'logs');
  const made = await generate({ out, bytes: files * 42e3, fileBytes: 41e3, kept: 0.5, seed: 3 });
  const assembly = await synthesized(config, join(folder, 'cdk.out'));
  const requests: Record<string, number> = {};
  const state = join(folder, 'state');
  const cloud = await composeCloud({ assembly, state, compiled: functionCache }, counting(requests));
  try {
    const { s3, sfn, outputs } = localDeployment(cloud);
    const sources = [];
    for (const file of made.files.slice(0, files)) {
      // A key the rule on the trail bucket does not match: the files are to make one execution.
      const key = replayedKey('20250311T090000000Z', relative(out, file));
      const Body = readFileSync(file);
      const { ETag = '', VersionId } = await s3.send(
        new PutObjectCommand({ Bucket: outputs.TrailBucketName, Key: key, Body }),
      );
      sources.push({
        bucket: outputs.TrailBucketName,
        key,
        etag: ETag.replaceAll('"', ''),
        size: Body.length,
        ...(VersionId ? { versionId: VersionId } : {}),
      });
    }
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: outputs.StateMachineArn,
        input: JSON.stringify(input(sources)),
      }),
    );
    await cloud.idle();
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'SUCCEEDED')
      throw new Error(`the execution ${execution.status}: ${execution.cause}`);
    const { counts } = JSON.parse(execution.output ?? '') as { counts: Counts };
    const { endpoint, region, credentials } = cloud;
    const dynamo = new DynamoDBClient({ endpoint, region, credentials });
    const units = {
      evidence: await unitsIn(dynamo, outputs.EvidenceTableName, evidenceTable),
      lookups: await unitsIn(dynamo, outputs.LookupsTableName, lookupsTable),
      sessions: await unitsIn(dynamo, outputs.SessionsTableName, sessionsTable),
      ledger: await unitsIn(dynamo, outputs.LedgerTableName, ledgerTable),
    };
    return { counts, ...(await historyOf(sfn, executionArn ?? '')), requests, units };
  } finally {
    await cloud.close();
  }
}

function input(sources: ObjectsInput['sources']): ObjectsInput {
  const now = new Date().toISOString();
  return {
    entry: 'objects',
    step: 'Intake',
    provenance: 'trail',
    receivedAt: now,
    deliveredAt: now,
    counts: { ...noCounts, sources: sources.length },
    refused: { count: 0 },
    sources,
  };
}

async function unitsIn(dynamo: DynamoDBClient, table: string, schema: TableSchema): Promise<number> {
  let units = 0;
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: table })) {
    for (const item of Items) units += writeUnits(item, schema);
  }
  return units;
}

function counting(requests: Record<string, number>): OpenStores {
  const count = (name: string, service: HttpService): HttpService => ({
    handle: exchange => {
      const { method, headers, url = '' } = exchange.request;
      const target = String(headers['x-amz-target'] ?? method)
        .split('.')
        .at(-1);
      const ofFile = name === 's3' && !url.includes(`/${workPrefix}`);
      const key = `${name} ${target}${ofFile ? ' of a log file' : ''}`;
      if (exchange.caller.kind === 'role') requests[key] = (requests[key] ?? 0) + 1;
      return service.handle(exchange);
    },
  });
  return async (...options) => {
    const { services, ...rest } = await openStores(...options);
    return {
      services: { s3: count('s3', services.s3), dynamodb: count('dynamodb', services.dynamodb) },
      ...rest,
    };
  };
}
