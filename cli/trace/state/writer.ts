import { logKeyParts } from '../../../core/records/log-key.ts';
import type { Input } from '../../inputs/input.ts';
import { OnDisk, type Told } from '../inputs.ts';
import type { ActionRow, FactRows, Part, ReadSource, RecordRow, SettingRow } from '../reading/part.ts';
import { portable } from '../reading/portable.ts';
import type { State } from './state.ts';

/** Writes what was read into a state: parts in the order of delivery, those of one source after one another. */
export class Writer {
  readonly #state: State;
  /** the last of each, so that what a part refers to by its place in it has a number among all */
  #rows: { records: number; settings: number; actions: number; sources: number };
  /** whether the source under way has parts in the state that go if it is refused */
  #saved = false;
  readonly #roles = new Set<string>();
  /** the last input of earlier runs: those of this run follow in the order of delivery */
  readonly #inputs: number;
  readonly #disk = new OnDisk();
  readonly #run: { name: string; at: string };

  /** `run`: what is written beside what it read */
  constructor(state: State, run: { name: string; at: string }) {
    this.#state = state;
    this.#run = run;
    const last = (table: string, column: string) =>
      state.get<{ last: number }>(`SELECT coalesce(max(${column}), 0) AS last FROM ${table}`)?.last ?? 0;
    this.#inputs = last('inputs', 'input');
    this.#rows = {
      records: last('records', 'row'),
      settings: last('settings', 'setting'),
      actions: last('actions', 'action'),
      sources: last('sources', 'source'),
    };
  }

  /** Records written so far, those of earlier runs too. */
  get records(): number {
    return this.#rows.records;
  }

  /**
   * An input that was read to its end. `index`: its place in this run's order of delivery; `hash`: SHA-256 of its bytes on disk;
   * null: the file is read for it. An object's ETag stands in its place.
   */
  input(index: number, input: Input, kind: string, told: Told, hash: string | null): void {
    const { path, size, changed, etag } = this.#disk.of(input);
    this.#state.run(
      'INSERT INTO inputs VALUES (?,?,?,?,?,?,?,?,?,?)',
      ...[this.#inputs + 1 + index, input.file, path, input.key, size, changed],
      ...[etag ?? hash ?? this.#disk.hash(path), JSON.stringify(portable(input)), kind, JSON.stringify(told)],
    );
  }

  /** Within a transaction. */
  part(part: Part): void {
    const { source, open } = part;
    if (open && !this.#saved) {
      this.#state.run('SAVEPOINT source');
      this.#saved = true;
    }
    const number = this.#rows.sources + 1;
    if (!open && source.outcome !== 'read' && this.#saved) this.#state.run('ROLLBACK TO source');
    if (part.rows > 0) this.#write(part, number);
    if (open) return;
    if (this.#saved) this.#state.run('RELEASE source');
    this.#saved = false;
    this.#source(source, number);
    this.#rows.sources = number;
  }

  #write({ records, settings, actions, facts, roles, credentials }: Part, source: number): void {
    const state = this.#state;
    const { settings: settingBase, actions: actionBase } = this.#rows;
    for (const row of JSON.parse(settings) as SettingRow[]) {
      this.#rows.settings += 1;
      state.run('INSERT INTO settings VALUES (?,?,?,?,?,?,?,?,?,?,?)', this.#rows.settings, ...row);
    }
    for (const row of JSON.parse(actions) as ActionRow[]) {
      this.#rows.actions += 1;
      state.run('INSERT INTO actions VALUES (?,?,?,?)', this.#rows.actions, ...row);
    }
    for (const row of JSON.parse(records) as RecordRow[]) {
      const [offset, length, eventID, copy, hash, time, action, setting, shared, amends, issues] = row;
      this.#rows.records += 1;
      state.run(
        'INSERT INTO records VALUES (?,?,?,?,?,?,unhex(?),?,?,?,?,?,?)',
        ...[this.#rows.records, eventID, copy, source, offset, length, hash, time],
        ...[action + actionBase + 1, setting + settingBase + 1, shared, amends, issues],
      );
    }
    writeFactRows(state, JSON.parse(facts) as FactRows);
    for (const arn of roles) {
      if (this.#roles.has(arn)) continue;
      if (this.#roles.size < mostRemembered) this.#roles.add(arn);
      state.run('INSERT OR IGNORE INTO roles VALUES (?)', arn);
    }
    for (const credential of credentials)
      state.run('INSERT OR IGNORE INTO credentials VALUES (?)', credential);
  }

  #source(source: ReadSource, number: number): void {
    const { account = null, region = null, time = null } = logKeyParts(source.key ?? '') ?? {};
    const { member, name, key, records, kept, normalized, otherAccounts, earliest, reads } = source;
    this.#state.run(
      'INSERT INTO sources VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)',
      ...[number, this.#inputs + 1 + source.input, member, name, key, this.#run.name, this.#run.at],
      ...[records, kept, normalized, otherAccounts, earliest],
      ...[Number(reads), source.outcome, JSON.stringify(source.refusals), account, region, time],
      // `2016040520` of the time in the file's name.
      time && time.slice(0, 8) + time.slice(9, 11),
    );
  }
}

/** Roles that are known to be written: all but forged logs have fewer. */
const mostRemembered = 10_000;

/** Facts that are there already stay; the times of uses widen. Whose facts these are is to be settled. */
export function writeFactRows(state: State, facts: FactRows): void {
  const unsettled = new Set<string>();
  for (const row of facts.issuances) state.run('INSERT OR IGNORE INTO issuances VALUES (?,?)', ...row);
  for (const [credential, name] of facts.issued) {
    state.run('INSERT OR IGNORE INTO issued VALUES (?,?)', credential, name);
    unsettled.add(credential);
  }
  for (const [credential, hash, shown, times] of facts.uses) {
    state.run(
      `INSERT INTO uses VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
        firstSeen = min(firstSeen, excluded.firstSeen), lastSeen = max(lastSeen, excluded.lastSeen),
        firstTaken = min(firstTaken, excluded.firstTaken), lastTaken = max(lastTaken, excluded.lastTaken)`,
      ...[credential, hash, shown, ...times],
    );
    unsettled.add(credential);
  }
  for (const row of facts.children) state.run('INSERT OR IGNORE INTO children VALUES (?,?)', ...row);
  for (const row of facts.claimedChildren)
    state.run('INSERT OR IGNORE INTO claimedChildren VALUES (?,?)', ...row);
  for (const row of facts.attempts) state.run('INSERT OR IGNORE INTO attempts VALUES (?,?,?)', ...row);
  for (const credential of unsettled) state.run('INSERT OR IGNORE INTO unsettled VALUES (?)', credential);
}
