import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Caller } from '../../local/contract.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import { openDynamoDb } from '../../local/services/dynamodb/deploy.ts';
import type { TableDefinition } from '../../local/services/dynamodb/model.ts';
import { createS3 } from '../../local/services/s3/service.ts';
import { executionArn, machineArn, serve, task } from './services/stepfunctions/fixture.ts';

export { executionArn, machineArn } from './services/stepfunctions/fixture.ts';

const account = '999999999999';
const caller: Caller = { kind: 'operator', name: 'operator', arn: `arn:aws:iam::${account}:user/operator` };

/**
 * Tables, buckets and a state machine of the embedded cloud behind one gateway, without an app that was synthesized. The machine has
 * one task, Fetch, which hands its input on, and fails with the error `Broken` where the input has a field `fails`.
 */
export async function servicesFixture(tables: TableDefinition[], buckets: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-services-'));
  const dynamoDb = await openDynamoDb(folder, { account, region: 'us-east-1' }, tables);
  const s3Server = await createS3({ folder: join(folder, 's3'), account, onObjectCreated: () => {} });
  for (const name of buckets) s3Server.createBucket({ name, versioned: false });
  const machine = serve(
    { Fetch: task('fetch', { Next: 'Done' }), Done: { Type: 'Succeed' } },
    {
      fetch: (payload: unknown) => {
        if (!('fails' in (payload as object))) return payload;
        throw Object.assign(new Error('it is broken'), { name: 'Broken' });
      },
    },
  );
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const gateway = createGateway({
    services: { dynamodb: dynamoDb.service, s3: s3Server, states: machine.service },
    authorizer: { authorize: () => {}, authorizeKey: () => {} },
    callers: () => ({ caller, key: credentials }),
  });
  const options = { endpoint: await gateway.listen(), region: 'us-east-1', credentials };
  const clients = {
    dynamo: new DynamoDBClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    sfn: new SFNClient(options),
  };
  return {
    ...clients,
    ended: (name: string) => machine.executions.ended(executionArn(name)),
    machineArn,
    close: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await gateway.close();
      await dynamoDb.close();
      s3Server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
