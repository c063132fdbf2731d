import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { TableSchema } from '../steps/store/tables.ts';

export type Item = Record<string, AttributeValue>;

const unitBytes = 1024;

/**
 * Write units of a new item, its indexes included: one for each KB begun of the item and of each index entry (DynamoDB
 * guide, read and write capacity: item sizes count names and values). An item without an index's keys is not in it.
 */
export function writeUnits(item: Item, table: TableSchema): number {
  let units = Math.ceil(bytesOf(item) / unitBytes);
  for (const { partition, sort, project } of Object.values(table.indexes)) {
    if (!item[partition] || !item[sort]) continue;
    const names = [table.partition, table.sort, partition, sort];
    const entry =
      project === 'ALL'
        ? item
        : Object.fromEntries(
            [...new Set([...names, ...project])].flatMap(name => {
              const value = item[name];
              return value ? [[name, value]] : [];
            }),
          );
    units += Math.ceil(bytesOf(entry) / unitBytes);
  }
  return units;
}

function bytesOf(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item))
    bytes += Buffer.byteLength(name) + valueBytes(name, value);
  return bytes;
}

function valueBytes(name: string, { S, N, B }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  // Over the wire binary values are base64, what counts are the bytes.
  if (typeof B === 'string') return Buffer.byteLength(B, 'base64');
  if (B !== undefined) return B.length;
  throw new TypeError(`the attribute ${name} is neither text, number nor binary`);
}
