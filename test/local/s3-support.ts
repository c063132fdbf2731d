import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Caller, ObjectCreated, Statement } from '../../local/contract.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import { createAuthorizer, type RecordingAuthorizer } from '../../local/iam/authorizer.ts';
import { createS3, type S3Server } from '../../local/services/s3/service.ts';

export const account = '111122223333';
const secretAccessKey = 'secret';
const callers: Record<string, Caller> = {
  OPERATOR: { kind: 'operator', name: 'operator', arn: `arn:aws:iam::${account}:user/operator` },
  FETCH: { kind: 'role', name: 'FetchRole', arn: `arn:aws:sts::${account}:assumed-role/Fetch/fetch` },
};

export interface RunningS3 {
  endpoint: string;
  folder: string;
  server: S3Server;
  authorizer: RecordingAuthorizer;
  created: ObjectCreated[];
  faults: unknown[];
  client(accessKeyId?: string, more?: S3ClientConfig): S3Client;
  /** ends the server as a killed process would leave it, and opens the same folder again */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A server with the buckets `plain` and `versioned`, and a real SDK client for it. */
export async function startS3(statements: Statement[] = []): Promise<RunningS3> {
  const folder = await mkdtemp(join(tmpdir(), 's3-'));
  const clients: S3Client[] = [];
  const created: ObjectCreated[] = [];
  const faults: unknown[] = [];
  const authorizer = createAuthorizer({ FetchRole: statements }, { account, region: 'eu-west-1' });

  async function open() {
    const server = await createS3({ folder, account, onObjectCreated: object => created.push(object) });
    server.createBucket({ name: 'plain', versioned: false });
    server.createBucket({ name: 'versioned', versioned: true });
    const gateway = createGateway({
      services: { s3: server },
      authorizer,
      callers: accessKeyId => {
        const caller = callers[accessKeyId];
        return caller && { caller, key: { accessKeyId, secretAccessKey } };
      },
      onFault: error => faults.push(error),
    });
    return { server, gateway, endpoint: await gateway.listen() };
  }
  async function shut() {
    for (const client of clients.splice(0)) client.destroy();
    await gateway.close();
    running.server.close();
  }
  let { gateway, ...open1 } = await open();
  const running: RunningS3 = {
    ...open1,
    folder,
    authorizer,
    created,
    faults,
    client(accessKeyId = 'OPERATOR', more = {}) {
      const client = new S3Client({
        endpoint: running.endpoint,
        region: 'eu-west-1',
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: { accessKeyId, secretAccessKey },
        ...more,
      });
      clients.push(client);
      return client;
    },
    async restart() {
      await shut();
      ({ gateway, ...open1 } = await open());
      Object.assign(running, open1);
    },
    async close() {
      await shut();
      await rm(folder, { recursive: true });
    },
  };
  return running;
}
