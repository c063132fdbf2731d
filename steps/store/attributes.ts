import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AuditError } from '../runtime/errors.ts';

export type Item = Record<string, AttributeValue>;

/** String attributes; null and undefined are left out, so that a sparse index stays sparse. */
export function strings(values: Record<string, string | null | undefined>): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(values)) if (value) item[name] = { S: value };
  return item;
}

/** A string attribute that our own writes always set. Throws AuditError `BrokenItem` when it is not there. */
export function text(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new AuditError('BrokenItem', `an item of the table has no string "${name}"`);
  return value;
}

/** A binary attribute that our own writes always set. Throws AuditError `BrokenItem` when it is not there. */
export function binary(item: Item, name: string): Uint8Array {
  const value = item[name]?.B;
  if (value === undefined) throw new AuditError('BrokenItem', `an item of the table has no bytes "${name}"`);
  return value;
}

export function optionalText(item: Item, name: string): string | null {
  return item[name]?.S ?? null;
}

/** A PartiQL INSERT of one item: fails for this item alone when its key is taken (`DuplicateItem`). */
export function insertStatement(table: string, item: Item) {
  const names = Object.keys(item);
  return {
    Statement: `INSERT INTO "${table}" VALUE {${names.map(name => `'${name}': ?`).join(', ')}}`,
    Parameters: names.map(name => item[name] as AttributeValue),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}
