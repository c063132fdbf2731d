import type { AttributeDefinition, KeySchemaElement, Projection } from '@aws-sdk/client-dynamodb';

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
