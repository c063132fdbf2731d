import { existsSync, statSync } from 'node:fs';
import { digestLocation } from '../../core/digests/digest-key.ts';
import { knownKeys, type PublicKey } from '../../core/digests/public-keys.ts';
import { fileBytes } from '../inputs/bytes.ts';
import { headsOf } from '../integrity/copies.ts';
import { FolderStore } from '../integrity/folder-store.ts';
import type { Store, TrailStore } from '../queries/store.ts';
import { type Portable, withBytes } from './reading/portable.ts';
import { objectsInS3 } from './s3-objects.ts';
import { StateEvidence } from './state/evidence.ts';
import { NoIntegrity, StateLedger } from './state/files.ts';
import { noAlerts, noExecutions, StateRefused } from './state/others.ts';
import { StateQuarantine } from './state/quarantine.ts';
import { StateRecords } from './state/records.ts';
import { StateNames, StateSessionStore } from './state/sessions.ts';
import type { State } from './state/state.ts';

/** All that is asked of what a trace holds: the same as of a deployment, but for what only executions and the watch leave behind. `keys`: that digests are signed with. */
export function storeOf(state: State, keys: readonly PublicKey[] = []): Store {
  return {
    evidence: new StateEvidence(state),
    records: new StateRecords(state),
    sessions: new StateSessionStore(state),
    names: new StateNames(state),
    alerts: noAlerts,
    refused: new StateRefused(state),
    ledger: new StateLedger(state),
    integrity: new NoIntegrity(),
    executions: noExecutions,
    quarantine: new StateQuarantine(state),
    trail: trailOf(state, keys),
    // All that the files hold is here: what they do not hold is not late.
    graceMinutes: 0,
    retentionDays: null,
  };
}

/** The folder, or the objects, that were traced, as the trail bucket that it would be in. */
function trailOf(state: State, keys: readonly PublicKey[]): TrailStore {
  const bucket = state.about.get('bucket') ?? '';
  const objects = objectsInS3();
  let copies: Promise<FolderStore> | null = null;
  const folder = () => {
    copies ??= folderOf(state, bucket);
    return copies;
  };
  return {
    bucket,
    account: state.about.get('account') ?? '',
    publicKeys: knownKeys(keys),
    holds: other => other === bucket,
    open: async (of, key) => {
      const far = state.get<{ said: string }>(
        'SELECT said FROM inputs WHERE key = ? AND changed IS NULL',
        key,
      );
      const { object, archive } = far ? (JSON.parse(far.said) as Portable) : {};
      if (object && archive === undefined) return (await objects()).open(object);
      return (await folder()).open(of, key);
    },
    hasOlder: async (...asked) => (await folder()).hasOlder(...asked),
    async *keys(_, prefix) {
      const sql = 'SELECT key FROM inputs WHERE key >= ? AND substr(key, 1, length(?)) = ? ORDER BY key';
      for (const { key } of state.each<{ key: string }>(sql, prefix, prefix, prefix)) yield key;
    },
    folders: async (_, prefix) => {
      const rows = state.all<{ name: string }>(
        `SELECT DISTINCT substr(rest, 1, instr(rest, '/')) AS name FROM (
           SELECT substr(key, length(?) + 1) AS rest FROM inputs WHERE substr(key, 1, length(?)) = ?)
         WHERE instr(rest, '/') > 1 ORDER BY name`,
        ...[prefix, prefix, prefix],
      );
      return rows.map(({ name }) => prefix + name);
    },
  };
}

async function folderOf(state: State, bucket: string): Promise<FolderStore> {
  const rows = state.all<{ said: string }>('SELECT said FROM inputs');
  const files = rows
    .map(({ said }) => JSON.parse(said) as Portable)
    .filter(({ archive }) => archive === undefined)
    .map(said => withBytes(said, state.about.get('folder')))
    .filter(({ file }) => existsSync(file));
  const digests = files.filter(({ key }) => digestLocation(key));
  const heads = digests.flatMap(({ file, key }) => {
    const head = `${file}.head`;
    const found = statSync(head, { throwIfNoEntry: false });
    return found ? [[`${key}.head`, fileBytes(head, found.size)] as const] : [];
  });
  return new FolderStore(files, new Set([bucket]), await headsOf(digests, new Map(heads)));
}
