import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AttributeDefinition,
  DynamoDBClient,
  type KeySchemaElement,
  ProjectionType,
} from '@aws-sdk/client-dynamodb';
import type { Caller, Need } from '../../local/contract.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import { openDynamoDb } from '../../local/services/dynamodb/deploy.ts';
import type { TableDefinition } from '../../local/services/dynamodb/model.ts';
import type { TableSchema } from '../../steps/store/tables.ts';
import { sendStraightTo, unsigned } from './without-gateway.ts';

export interface DynamoDbFixture {
  client: DynamoDBClient;
  folder: string;
  close(): Promise<void>;
}

const operator: Caller = {
  kind: 'operator',
  name: 'operator',
  arn: 'arn:aws:iam::999999999999:user/operator',
};

/**
 * The embedded DynamoDB over a folder that lives as long as the fixture (or the one given). Its client asks the service
 * straight; with `gateway`, for tests of the embedded cloud, through the gateway, which costs as much again.
 */
export async function dynamoDbFixture(
  tables: TableDefinition[],
  options: { folder?: string; authorize?: (action: string) => void; gateway?: true } = {},
): Promise<DynamoDbFixture> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'roletrail-dynamodb-'));
  const place = { account: '999999999999', region: 'us-east-1' };
  const dynamoDb = await openDynamoDb(folder, place, tables);
  const authorizer = {
    authorize: (_: unknown, needs: Need[]) => {
      for (const { action, resource } of needs) options.authorize?.(`${action} ${resource}`);
    },
    authorizeKey: () => undefined,
  };
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const gateway = createGateway({
    services: { dynamodb: dynamoDb.service },
    authorizer,
    callers: () => ({ caller: operator, key: credentials }),
  });
  const client = new DynamoDBClient({
    ...{ endpoint: await gateway.listen(), region: 'us-east-1', credentials },
    ...(!options.gateway && unsigned),
  });
  if (!options.gateway) sendStraightTo(dynamoDb.service, { client, caller: operator, authorizer });
  return {
    client,
    folder,
    close: async () => {
      client.destroy();
      await gateway.close();
      await dynamoDb.close();
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A table of the product as the stack would define it. */
export function tableOf(name: string, schema: TableSchema): TableDefinition {
  const attributes = new Set([schema.partition, schema.sort]);
  const keys = (partition: string, sort: string): KeySchemaElement[] => {
    attributes.add(partition).add(sort);
    return [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ];
  };
  const GlobalSecondaryIndexes = Object.entries(schema.indexes).map(
    ([IndexName, { partition, sort, project }]) => ({
      IndexName,
      KeySchema: keys(partition, sort),
      Projection:
        project === 'ALL'
          ? { ProjectionType: ProjectionType.ALL }
          : { ProjectionType: ProjectionType.INCLUDE, NonKeyAttributes: project },
    }),
  );
  const KeySchema = keys(schema.partition, schema.sort);
  const AttributeDefinitions = [...attributes].map(
    (AttributeName): AttributeDefinition => ({ AttributeName, AttributeType: 'S' }),
  );
  const keysOfTable = { KeySchema, AttributeDefinitions };
  // DynamoDB refuses an empty list of indexes.
  const properties =
    GlobalSecondaryIndexes.length > 0 ? { ...keysOfTable, GlobalSecondaryIndexes } : keysOfTable;
  return { name, properties };
}
