import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { bounded, waitsAtMost } from '../../../steps/runtime/clients.ts';
import { forStateMachine } from '../../../steps/runtime/errors.ts';

const steps = join(import.meta.dirname, '..', '..', '..', 'steps');

test('a request that is never answered is tried again, then fails as what may pass', async () => {
  // Given
  let requests = 0;
  const server = createServer(() => {
    requests += 1;
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const client = new S3Client({
    // Long enough to be connected beside a load.
    ...waitsAtMost(500),
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
    forcePathStyle: true,
    maxAttempts: 2,
  });
  // When
  const failed = await client.send(new GetObjectCommand({ Bucket: 'trail', Key: 'x' })).catch(error => error);
  // Then
  expect(forStateMachine(failed)).toMatchObject({ name: 'TransientError' });
  expect(requests).toBe(2);
  client.destroy();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

test('what is sent is not copied for a log that nobody reads', async () => {
  // Given
  const server = createServer((_, response) => response.end('{}'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const timesRead = async (config: object) => {
    const client = new DynamoDBClient({
      ...config,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
    });
    let times = 0;
    const Item = {
      get key() {
        times += 1;
        return { S: 'x' };
      },
    };
    await client.send(new PutItemCommand({ TableName: 'table', Item }));
    client.destroy();
    return times;
  };
  // When
  const [ours, otherwise] = [await timesRead(bounded), await timesRead({})];
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  // Then
  expect(ours).toBeGreaterThan(0);
  expect(ours).toBeLessThan(otherwise);
});

test('no function makes a client that waits without end', () => {
  const files = readdirSync(steps, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.ts'),
  );
  const made = files.flatMap(name => [
    ...readFileSync(join(steps, name), 'utf8').matchAll(
      /new \w+Client\(.*?\)|new DynamoDBPersistenceLayer\([^)]*/g,
    ),
  ]);
  expect(made.length).toBeGreaterThan(15);
  expect(made.map(([text]) => text).filter(text => !text.includes('bounded'))).toEqual([]);
});
