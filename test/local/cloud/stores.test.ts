import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Cloud } from '../../../local/cloud/cloud.ts';
import { startCloud } from '../../../local/index.ts';
import { temporaryFolder } from '../assembly-fixture.ts';
import { assemble, bucket, machineArn, resources } from '../cloud-fixture.ts';

let cloud: Cloud | undefined;
afterEach(() => cloud?.close());

test('what is put into S3 goes its way to an execution, and all of it survives a restart', async () => {
  const production = {
    ...resources(),
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'evidence',
        KeySchema: [{ AttributeName: 'eventID', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'eventID', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Work: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: 'work-bucket', VersioningConfiguration: { Status: 'Enabled' } },
    },
  };
  const options = { assembly: assemble(production), state: temporaryFolder() };
  const clients = ({ endpoint, region, credentials }: Cloud) => {
    const client = { endpoint, region, credentials };
    return { s3: new S3Client(client), sfn: new SFNClient(client), dynamodb: new DynamoDBClient(client) };
  };

  cloud = await startCloud(options);
  const before = clients(cloud);
  await before.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a.json.gz', Body: 'log' }));
  const work = await before.s3.send(new PutObjectCommand({ Bucket: 'work-bucket', Key: 'b.gz', Body: 'x' }));
  await cloud.idle();
  await cloud.close();
  cloud = await startCloud(options);

  const { s3, sfn, dynamodb } = clients(cloud);
  const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'a.json.gz' }));
  const { TableNames } = await dynamodb.send(new ListTablesCommand({}));
  expect(executions).toMatchObject([{ status: 'SUCCEEDED' }]);
  expect(await Body?.transformToString()).toBe('log');
  expect(TableNames).toEqual(['evidence']);
  expect(work.VersionId).toEqual(expect.any(String));
});

test('an object that its holder stores is stored and announced as by PutObject, and what is read of it is counted', async () => {
  cloud = await startCloud({ assembly: assemble(resources()), state: temporaryFolder() });
  const { endpoint, region, credentials } = cloud;
  const s3 = new S3Client({ endpoint, region, credentials });
  const put = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'put.json.gz', Body: 'log' }));
  const stored = await cloud.store({ bucket, key: 'a b/stored.json.gz', body: Buffer.from('log') });
  expect(`"${stored.etag}"`).toBe(put.ETag);
  await cloud.idle();
  const sfn = new SFNClient({ endpoint, region, credentials });
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
  expect(executions.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  const before = cloud.moved(bucket).read;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'a b/stored.json.gz' }));
  expect(await Body?.transformToString()).toBe('log');
  expect(cloud.moved(bucket).read - before).toBe(3);
  await expect(cloud.store({ bucket: 'none', key: 'k', body: Buffer.alloc(0) })).rejects.toThrow('none');
  await expect(cloud.store({ bucket, key: 'k'.repeat(1025), body: Buffer.alloc(0) })).rejects.toThrow(
    'too long',
  );
});
