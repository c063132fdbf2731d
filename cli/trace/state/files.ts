import type { Delivery, FirstFile } from '../../../core/coverage/hours.ts';
import type { DigestRecord, FileVerdict } from '../../../core/digests/records.ts';
import { compactMillis, hourOf, isoSeconds } from '../../../core/records/times.ts';
import type { IntegrityStore, LedgerStore, ReadFile } from '../../queries/store.ts';
import type { State } from './state.ts';

const fileSql = `
  SELECT sources.key AS key, hash AS etag, run AS execution, at FROM sources JOIN inputs USING (input) WHERE outcome = 'read'`;

/** Files of one first minute that are looked at, as the deployed ledger does. */
const mostFirst = 20;

/** The log files that were read to their end. What tells one state of a file from another is the SHA-256 of its bytes. */
export class StateLedger implements LedgerStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async coverage(account: string, from: string, to: string): Promise<Delivery[]> {
    return this.#state.all<Delivery>(
      `SELECT DISTINCT hour, region FROM sources
       WHERE account = ? AND outcome = 'read' AND hour BETWEEN ? AND ? ORDER BY hour, region`,
      ...[account, hourOf(from), hourOf(to)],
    );
  }

  async first(account: string, region: string): Promise<FirstFile | null> {
    const of = "account = ? AND region = ? AND outcome = 'read'";
    const found = this.#state.get<{ time: string | null; earliest: string | null }>(
      `SELECT time, min(earliest) AS earliest FROM (
         SELECT time, earliest FROM sources WHERE ${of} AND time = (SELECT min(time) FROM sources WHERE ${of})
         ORDER BY name LIMIT ${mostFirst})`,
      ...[account, region, account, region],
    );
    const { time = null, earliest = null } = found ?? {};
    return time === null ? null : { time: isoSeconds(compactMillis(time)), earliest };
  }

  async logsReads(account: string): Promise<boolean> {
    const sql = "SELECT 1 FROM sources WHERE account = ? AND outcome = 'read' AND reads = 1 LIMIT 1";
    return this.#state.get(sql, account) !== undefined;
  }

  async lastHour(account: string): Promise<string | null> {
    const sql = "SELECT max(hour) AS hour FROM sources WHERE account = ? AND outcome = 'read'";
    return this.#state.get<{ hour: string | null }>(sql, account)?.hour ?? null;
  }

  async *files(account: string, region: string, since: string): AsyncGenerator<ReadFile> {
    const sql = `${fileSql} AND account = ? AND region = ? AND time >= ? ORDER BY time, sources.key`;
    yield* this.#state.each<ReadFile>(sql, account, region, since);
  }

  async *ofFile({ bucket, key }: { bucket: string; key: string }): AsyncGenerator<ReadFile> {
    yield* this.#state.each<ReadFile>(`${fileSql} AND sources.name = ?`, `s3://${bucket}/${key}`);
  }
}

/** A trace checks no digests: of no file is anything said. */
export class NoIntegrity implements IntegrityStore {
  async file(): Promise<FileVerdict[]> {
    return [];
  }

  async digests(): Promise<DigestRecord[]> {
    return [];
  }
}
