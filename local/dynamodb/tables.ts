import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

/** What of an AWS::DynamoDB::Table shapes the data. */
export interface TableDefinition {
  name: string;
  properties: {
    KeySchema: KeySchemaElement[];
    AttributeDefinitions: AttributeDefinition[];
    GlobalSecondaryIndexes?: GlobalSecondaryIndex[] | undefined;
    TimeToLiveSpecification?: { AttributeName?: string | undefined; Enabled: boolean } | undefined;
  };
}

/**
 * Creates the tables that are not there. One that is there with the same keys and indexes is kept with its data; with
 * others it throws an Error that names the table and the difference.
 */
export async function createTables(
  client: DynamoDBClient,
  definitions: readonly TableDefinition[],
): Promise<void> {
  for (const definition of definitions) {
    const existing = await describe(client, definition.name);
    if (existing) holdAgainst(existing, definition);
    else await create(client, definition);
  }
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(client: DynamoDBClient, { name, properties }: TableDefinition): Promise<void> {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, TimeToLiveSpecification } = properties;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema,
      AttributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
      ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(indexOf) } : {}),
    }),
  );
  if (TimeToLiveSpecification?.Enabled) {
    const { AttributeName, Enabled } = TimeToLiveSpecification;
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: { AttributeName, Enabled } }),
    );
  }
}

function indexOf({ IndexName, KeySchema, Projection }: GlobalSecondaryIndex): GlobalSecondaryIndex {
  return { IndexName, KeySchema, Projection };
}

function holdAgainst(existing: TableDescription, { name, properties }: TableDefinition): void {
  const shapes = [
    ['keys', keysOf(existing.KeySchema), keysOf(properties.KeySchema)],
    ['indexes', indexesOf(existing.GlobalSecondaryIndexes), indexesOf(properties.GlobalSecondaryIndexes)],
  ];
  for (const [what, is, wanted] of shapes) {
    if (is === wanted) continue;
    throw new Error(
      `table ${name} of the saved state has the ${what} ${is}, the stack wants ${wanted}: start afresh with --fresh`,
    );
  }
}

function keysOf(keys: readonly KeySchemaElement[] = []): string {
  return keys
    .map(key => `${key.AttributeName} ${key.KeyType}`)
    .sort()
    .join(', ');
}

type Index = { [Field in 'IndexName' | 'KeySchema' | 'Projection']?: GlobalSecondaryIndex[Field] | undefined };

function indexesOf(indexes: readonly Index[] = []): string {
  const described = indexes.map(({ IndexName, KeySchema, Projection }) => {
    const projected = [...(Projection?.NonKeyAttributes ?? [])].sort().join(' ');
    return `${IndexName} (${keysOf(KeySchema)}; ${Projection?.ProjectionType} ${projected})`;
  });
  return described.sort().join(', ') || 'none';
}
