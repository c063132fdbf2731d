import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CliError } from '../../failure.ts';
import { guarded, guardedRows } from './guarded.ts';
import { checkOwnFile } from './own-file.ts';
import { indexes, schema, schemaVersion } from './schema.ts';
import { sqlite } from './sqlite.ts';

type Value = string | number | null | Uint8Array;

/** `ROLE` at the head of the file, so that no other program's database is taken for a state (SQLite file format, application ID). */
const applicationId = 0x524f4c45;

/** The file that holds a trace's state. */
export class State {
  readonly file: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #writes: boolean;

  private constructor(file: string, db: DatabaseSync, writes: boolean) {
    this.file = file;
    this.#db = db;
    this.#writes = writes;
  }

  /** Opens a state to write to it, and makes it where there is none. Throws CliError. */
  static forWriting(file: string): State {
    return State.#open(file, true);
  }

  /** `current`: it has to be of this version. */
  static #open(file: string, current: boolean): State {
    return guarded(file, () => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      checkOwnFile(file);
      // What logs say of people is for this user's eyes.
      closeSync(openSync(file, 'a', 0o600));
      const db = new (sqlite().DatabaseSync)(file, { timeout: 0 });
      const state = new State(file, db, true);
      try {
        // Before anything is changed in it: it may be another program's.
        if (!state.#isEmpty()) state.#check(current);
        // One process writes: what SQLite would share with others lies in its own memory, and no second file is left behind.
        db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
        db.exec('PRAGMA cache_size = -16384; PRAGMA temp_store = FILE; PRAGMA wal_autocheckpoint = 4096;');
        db.exec('BEGIN IMMEDIATE');
        if (state.#isEmpty()) state.#make();
        db.exec('COMMIT');
        return state;
      } catch (error) {
        db.close();
        throw error;
      }
    });
  }

  /** Opens a state to ask it. Throws CliError for a file that is none. */
  static forAsking(file: string): State {
    return guarded(file, () => {
      if (!existsSync(file))
        throw new CliError(`${file} does not exist: roletrail trace PATH --state ${file}`);
      checkOwnFile(file);
      const db = new (sqlite().DatabaseSync)(file, { readOnly: true, timeout: 500 });
      const state = new State(file, db, false);
      try {
        state.#check();
        return state;
      } catch (error) {
        db.close();
        throw error;
      }
    });
  }

  /** Removes a state, and what a process that was killed left beside it. Throws CliError for a file that is none. */
  static remove(file: string): void {
    if (!existsSync(file)) return;
    // A database of somebody else's is not deleted, and one that another process writes neither.
    State.#open(file, false).close();
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
  }

  run(sql: string, ...values: Value[]): void {
    guarded(this.file, () => this.#prepared(sql).run(...values));
  }

  get<T>(sql: string, ...values: Value[]): T | undefined {
    return guarded(this.file, () => this.#prepared(sql).get(...values) as T | undefined);
  }

  all<T>(sql: string, ...values: Value[]): T[] {
    return guarded(this.file, () => this.#prepared(sql).all(...values) as T[]);
  }

  /** Rows as they are taken. The statement is its caller's own: another may run the same text meanwhile. */
  each<T>(sql: string, ...values: Value[]): Iterable<T> {
    return guardedRows(this.file, () => this.#db.prepare(sql).iterate(...values) as Iterable<T>);
  }

  /** The same, each row as the list of its columns: less is made of each. */
  eachList<T extends unknown[]>(sql: string): Iterable<T> {
    return guardedRows(this.file, () => this.#lists(sql) as Iterable<T>);
  }

  #lists(sql: string): Iterable<unknown> {
    const statement = this.#db.prepare(sql);
    const { setReturnArrays }: { setReturnArrays?: (yes: boolean) => void } = statement;
    if (!setReturnArrays) return asLists(statement.iterate() as Iterable<object>);
    setReturnArrays.call(statement, true);
    return statement.iterate();
  }

  /** What is done in `work` is there whole, or not at all. */
  transaction<T>(work: () => T): T {
    return guarded(this.file, () => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#db.exec('COMMIT');
        return result;
      } catch (error) {
        this.rollback();
        throw error;
      }
    });
  }

  /** Begins what {@link commit} ends: where `transaction` cannot stand around it, because it waits for others. */
  begin(): void {
    guarded(this.file, () => this.#db.exec('BEGIN IMMEDIATE'));
  }

  commit(): void {
    guarded(this.file, () => this.#db.exec('COMMIT'));
  }

  /** Takes back what was done since `begin`, if anything was. */
  rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  exec(sql: string): void {
    guarded(this.file, () => this.#db.exec(sql));
  }

  get about(): Map<string, string> {
    const rows = this.all<{ name: string; value: string }>('SELECT name, value FROM about');
    return new Map(rows.map(({ name, value }) => [name, value]));
  }

  note(name: string, value: string): void {
    this.run('INSERT OR REPLACE INTO about VALUES (?, ?)', name, value);
  }

  /** Makes the indexes that are not there. */
  index(): void {
    for (const [name, on] of Object.entries(indexes))
      this.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${on}`);
  }

  /** Drops the indexes, before much is written. */
  unindex(): void {
    this.#statements.clear();
    for (const name of Object.keys(indexes)) this.exec(`DROP INDEX IF EXISTS ${name}`);
  }

  /** Forgets all that was read, but what contradicts and what is noted. Within a transaction. */
  empty(): void {
    const kept = ['about', 'contradicting'];
    const tables = this.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    for (const { name } of tables) if (!kept.includes(name)) this.#db.exec(`DELETE FROM ${name}`);
  }

  /** Closes it as it is: after a failure of the disk there may be no writing more. */
  abandon(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  /** Closes it; all of it is in one file, for others to open. */
  close(): void {
    this.#statements.clear();
    if (this.#writes) this.exec('PRAGMA journal_mode = DELETE');
    this.#db.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const fresh = this.#db.prepare(sql);
    this.#statements.set(sql, fresh);
    return fresh;
  }

  #isEmpty(): boolean {
    return this.get<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema')?.count === 0;
  }

  #make(): void {
    this.#db.exec(schema);
    this.#db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`);
  }

  #check(current = true): void {
    const { application_id: id } = this.get<{ application_id: number }>('PRAGMA application_id') ?? {};
    if (id !== applicationId) throw new CliError(`${this.file} is not a state of roletrail trace`);
    const { user_version: version } = this.get<{ user_version: number }>('PRAGMA user_version') ?? {};
    if (current && version !== schemaVersion)
      throw new CliError(
        `${this.file} was written by another version of roletrail: trace again with --fresh, or into another --state`,
      );
  }
}

/** As Node gives rows before it knows lists (22.16). */
function* asLists(rows: Iterable<object>): Generator<unknown[]> {
  for (const row of rows) yield Object.values(row);
}
