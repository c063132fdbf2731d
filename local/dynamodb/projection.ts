import { ServiceError } from '../contract.ts';
import type { TableDefinition } from './tables.ts';

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
