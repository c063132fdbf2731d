import { join } from 'node:path';
import type { Generation } from './generator.ts';
import { measured } from './processes.ts';

/** DuckDB's join over these log files. The query is in contestants/duckdb-join.ts. Throws where it counts other calls than the files hold. */
export async function joinedByDuckDb(duckdb: string, logs: string, made: Generation) {
  const script = join(import.meta.dirname, 'contestants', 'duckdb-join.ts');
  const joined = await measured([process.execPath, script, duckdb, logs]);
  if (joined.status !== 0) throw new Error(`DuckDB failed: ${joined.said}`);
  const { calls } = JSON.parse(joined.said) as { calls: number };
  if (calls !== made.calls) throw new Error(`DuckDB counts ${calls} calls, the files hold ${made.calls}`);
  return joined;
}
