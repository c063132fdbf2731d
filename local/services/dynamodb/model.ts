import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  Projection,
} from '@aws-sdk/client-dynamodb';
import { ServiceError } from '../../contract.ts';

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

/** Attributes each index holds: `table/index` -> names; an index that holds all is not in it. */
export type Projections = Map<string, Set<string>>;

export function projectionsOf(tables: readonly TableDefinition[]): Projections {
  const projections: Projections = new Map();
  for (const { name, properties } of tables) {
    for (const { IndexName, KeySchema = [], Projection } of properties.GlobalSecondaryIndexes ?? []) {
      if (Projection?.ProjectionType === 'ALL') continue;
      const keys = [...properties.KeySchema, ...KeySchema].map(({ AttributeName }) => AttributeName ?? '');
      projections.set(`${name}/${IndexName}`, new Set([...keys, ...(Projection?.NonKeyAttributes ?? [])]));
    }
  }
  return projections;
}

/**
 * Refuses a Query or Scan that asks a global secondary index for what it does not hold, as AWS does (DynamoDB guide,
 * "Attribute projections"). The engine would answer items without those attributes, as if they had never been written.
 */
export function checkProjection(projections: Projections, input: Record<string, unknown>): void {
  const held = projections.get(`${input.TableName}/${input.IndexName}`);
  if (!held) return;
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const asked = typeof input.ProjectionExpression === 'string' ? input.ProjectionExpression.split(',') : [];
  const missing = asked
    .map(path => path.trim().split(/[.[]/)[0] ?? '')
    .map(name => names[name] ?? name)
    .filter(name => !held.has(name));
  if (missing.length === 0) return;
  throw new ServiceError(
    'ValidationException',
    `One or more parameter values were invalid: Global secondary index ${input.IndexName} does not project [${missing.join(', ')}]`,
  );
}

/** Keys, indexes and TTL attribute of a table, as the template says or as DescribeTable does. */
export interface Shape {
  KeySchema?: KeySchemaElement[] | undefined;
  AttributeDefinitions?: AttributeDefinition[] | undefined;
  GlobalSecondaryIndexes?:
    | {
        IndexName?: string | undefined;
        KeySchema?: KeySchemaElement[] | undefined;
        Projection?: Projection | undefined;
      }[]
    | undefined;
  ttl?: string | undefined;
}

/** What the table that is there has otherwise than is wanted, one sentence each; none: the same shape. */
export function differences(existing: Shape, wanted: Shape): string[] {
  const [is, want] = [facets(existing), facets(wanted)];
  return [...new Set([...is.keys(), ...want.keys()])]
    .filter(facet => is.get(facet) !== want.get(facet))
    .map(facet => `its ${facet} is ${is.get(facet) ?? 'not there'}, wanted is ${want.get(facet) ?? 'none'}`);
}

function facets(shape: Shape): Map<string, string> {
  const types = new Map(
    shape.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  );
  const key = (elements: KeySchemaElement[] = []) =>
    elements
      .map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName} (${types.get(AttributeName)})`)
      .sort()
      .join(', ');
  const indexes = (shape.GlobalSecondaryIndexes ?? []).map(
    ({ IndexName, KeySchema, Projection }): [string, string] => {
      const attributes = [...(Projection?.NonKeyAttributes ?? [])].sort();
      const projection = [Projection?.ProjectionType, ...attributes].join(' ');
      return [`index ${IndexName}`, `${key(KeySchema)}, with ${projection}`];
    },
  );
  return new Map([
    ['key', key(shape.KeySchema)],
    ...indexes,
    ...(shape.ttl === undefined ? [] : [['time to live', shape.ttl] satisfies [string, string]]),
  ]);
}
