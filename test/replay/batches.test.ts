import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { type Cloud, startCloud } from '@roletrail/local';
import { auditedRoleArn } from '../../bench/generator/accounts.ts';
import { generate } from '../../bench/generator.ts';
import { localDeployment } from '../../cli/deployment/deployment.ts';
import { functionCache } from '../../cli/project.ts';
import { inParallel } from '../../core/parallel.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { Batch } from '../../steps/transport/payloads.ts';
import { synthesized } from '../synthesized.ts';
import { temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const config: RoletrailConfig = {
  production: { account: '999999999999', region: 'us-east-1' },
  auditedRoles: [auditedRoleArn],
  partners: [],
  trailBucket: { name: 'aws-cloudtrail-logs-of-the-whole-organization-999999999999', create: true },
  batch: { size: 1, windowSeconds: 300 },
};

// What an organization's trail may be told to put in front of AWSLogs/: 200 characters are allowed.
const prefix = 'security/organization-trail/production/management-and-data-events/o-abcde12345'.padEnd(
  200,
  'x',
);

/** Uploads so many log files into the trail bucket, waits until all is done, and looks before the cloud closes. */
async function deliver<T>(
  name: string,
  settings: Pick<RoletrailConfig, 'batch'>,
  look: (cloud: Cloud, state: string, files: readonly string[]) => Promise<T>,
): Promise<T> {
  const out = join(folder, name);
  const files = settings.batch.size;
  const made = await generate({ out, bytes: files * 10e3, fileBytes: 7.5e3, kept: 0.3, seed: files });
  const assembly = await synthesized({ ...config, ...settings }, join(folder, `${name}.out`));
  const state = join(folder, `${name}.state`);
  const cloud = await startCloud({ compiled: functionCache, assembly, state });
  try {
    const { s3, outputs } = localDeployment(cloud);
    const chosen = made.files.slice(0, files);
    expect(chosen).toHaveLength(files);
    await inParallel(chosen, 16, file =>
      s3.send(
        new PutObjectCommand({
          Bucket: outputs.TrailBucketName,
          Key: `${prefix}/${relative(out, file)}`,
          Body: readFileSync(file),
        }),
      ),
    );
    await cloud.idle();
    return await look(cloud, state, chosen);
  } finally {
    await cloud.close();
  }
}

async function evidenceIn(cloud: Cloud): Promise<number> {
  const { endpoint, region, credentials } = cloud;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const TableName = localDeployment(cloud).outputs.EvidenceTableName;
  let items = 0;
  for await (const { Count = 0 } of paginateScan({ client }, { TableName, Select: 'COUNT' })) items += Count;
  return items;
}

test('250 log files with long names are one execution, and all are in evidence', async () => {
  await deliver('standard', { batch: { size: 250, windowSeconds: 300 } }, async cloud => {
    const { sfn, outputs } = localDeployment(cloud);
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: outputs.StateMachineArn }),
    );
    expect(executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
    const [{ executionArn } = {}] = executions;
    const { output = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { counts } = JSON.parse(output) as Batch;
    expect(counts).toMatchObject({ sources: 250, read: 250, refused: 0, rejected: 0, duplicates: 0 });
    expect(counts.written).toBeGreaterThan(250);
    expect(await evidenceIn(cloud)).toBe(counts.written);
  });
});
