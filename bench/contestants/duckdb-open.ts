import { createRequire } from 'node:module';

/** The part of @duckdb/node-api that is used here; it is not a dependency of this project. */
interface DuckDb {
  DuckDBInstance: { create(path: string, options: Record<string, string>): Promise<Instance> };
}

interface Instance {
  connect(): Promise<{ runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }> }>;
}

/** Opens a database in memory; what it returns runs one query and gives its rows. */
export async function openDuckDb(module: string, options: Record<string, string>) {
  const { DuckDBInstance } = createRequire(import.meta.url)(module) as DuckDb;
  const connection = await (await DuckDBInstance.create(':memory:', options)).connect();
  return async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
}
