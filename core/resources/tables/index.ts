import type { Row, ServiceTable } from '../row.ts';
import { iam } from './iam.ts';
import { s3 } from './s3.ts';

const tables: readonly ServiceTable[] = [s3, iam];

const bySource = new Map(tables.flatMap(table => table.sources.map(source => [source, table.rows] as const)));

/** The rows of a service; none for one without a table. */
export function rowsOf(service: string): readonly Row[] {
  return bySource.get(service) ?? [];
}
