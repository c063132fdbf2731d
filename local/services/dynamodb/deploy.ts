import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { namedDatabase } from './database.ts';
import { differences, projectionsOf, type Shape, type TableDefinition } from './model.ts';
import { type DynamoDbBackend, DynamoDbService } from './service.ts';
import { startDynoxide } from './store.ts';

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
  owner: { account: string; region: string },
  tables: readonly TableDefinition[],
  endpoint = namedDatabase(),
): Promise<OpenDynamoDb> {
  const { backend, end } = endpoint ? other(endpoint) : await embedded(folder);
  try {
    await withClient(backend, owner.region, client => createTables(client, tables));
  } catch (error) {
    await end();
    throw error;
  }
  const service = new DynamoDbService(backend, { ...owner, projections: projectionsOf(tables) });
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

/** A table that is there has another shape than the stack wants. */
export class TableDiffers extends Error {
  override name = 'TableDiffers';
}

/**
 * Creates the tables that are not there, on demand (no throughput to run out of). One that is there in the same shape is
 * kept with its data. Throws {@link TableDiffers}, naming the table and each difference, for one in another shape.
 */
export async function createTables(
  client: DynamoDBClient,
  definitions: readonly TableDefinition[],
): Promise<void> {
  for (const definition of definitions) {
    const existing = await describe(client, definition.name);
    const wanted = shapeOf(definition);
    if (existing) hold(definition.name, existing, wanted);
    else await create(client, definition);
    // Also on a table that is there: its creator may have been killed before it came to this.
    if (wanted.ttl && existing?.ttl === undefined) await expire(client, definition.name, wanted.ttl);
  }
}

function hold(name: string, existing: Shape, wanted: Shape): void {
  const found = differences({ ...existing, ttl: existing.ttl ?? wanted.ttl }, wanted);
  if (found.length === 0) return;
  throw new TableDiffers(
    `the table ${name} of the saved state differs from the stack's: ${found.join('; ')}`,
  );
}

async function expire(client: DynamoDBClient, TableName: string, AttributeName: string): Promise<void> {
  const TimeToLiveSpecification = { AttributeName, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

function shapeOf({ properties }: TableDefinition): Shape {
  const ttl = properties.TimeToLiveSpecification;
  return { ...properties, ttl: ttl?.Enabled ? ttl.AttributeName : undefined };
}

async function describe(client: DynamoDBClient, TableName: string): Promise<Shape | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    return { ...Table, ttl: TimeToLiveDescription?.AttributeName };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(
  client: DynamoDBClient,
  { name: TableName, properties }: TableDefinition,
): Promise<void> {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = properties;
  // Indexes are stripped of what only bills: the engine knows no throughput.
  const indexes = GlobalSecondaryIndexes?.map(index => ({
    IndexName: index.IndexName,
    KeySchema: index.KeySchema,
    Projection: index.Projection,
  }));
  const billing = { BillingMode: 'PAY_PER_REQUEST' } as const;
  const table = { TableName, KeySchema, AttributeDefinitions, ...billing };
  await client.send(new CreateTableCommand(indexes ? { ...table, GlobalSecondaryIndexes: indexes } : table));
}
