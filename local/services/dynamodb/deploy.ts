import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { projectionsOf, type TableDefinition } from './model.ts';
import { type DynamoDbBackend, DynamoDbService } from './service.ts';
import { startDynoxide } from './store.ts';
import { createTables } from './tables.ts';

export interface OpenDynamoDb {
  service: DynamoDbService;
  close(): Promise<void>;
}

/**
 * DynamoDB with the stack's tables: the embedded one over a file in `folder`, or the one at `endpoint` (an emulator of
 * the user's own).
 */
export async function openDynamoDb(
  folder: string,
  place: { account: string; region: string },
  tables: readonly TableDefinition[],
  endpoint = process.env.ROLETRAIL_DYNAMODB_ENDPOINT,
): Promise<OpenDynamoDb> {
  const { backend, end } = endpoint ? other(endpoint) : await embedded(folder);
  try {
    await withClient(backend, place.region, client => createTables(client, tables));
  } catch (error) {
    await end();
    throw error;
  }
  const service = new DynamoDbService(backend, { ...place, projections: projectionsOf(tables) });
  return {
    service,
    close: async () => {
      service.close();
      await end();
    },
  };
}

async function embedded(folder: string): Promise<{ backend: DynamoDbBackend; end: () => Promise<void> }> {
  mkdirSync(folder, { recursive: true });
  const server = await startDynoxide(join(folder, 'tables.sqlite'));
  return { backend: server, end: () => server.close() };
}

function other(endpoint: string): { backend: DynamoDbBackend; end: () => Promise<void> } {
  const { hostname, port } = new URL(endpoint);
  return {
    backend: { host: hostname, port: Number(port || 80), lastWords: () => '' },
    end: async () => undefined,
  };
}

async function withClient(
  { host, port }: DynamoDbBackend,
  region: string,
  work: (client: DynamoDBClient) => Promise<void>,
): Promise<void> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const client = new DynamoDBClient({ endpoint: `http://${host}:${port}`, region, credentials });
  try {
    await work(client);
  } finally {
    client.destroy();
  }
}
