import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileBytes } from '../../../../cli/inputs/bytes.ts';
import type { Input } from '../../../../cli/inputs/input.ts';
import type { Store } from '../../../../cli/queries/store.ts';
import type { ReadSource } from '../../../../cli/trace/reading/part.ts';
import { Rows } from '../../../../cli/trace/reading/rows.ts';
import { StateSessions } from '../../../../cli/trace/state/linking.ts';
import { State } from '../../../../cli/trace/state/state.ts';
import { Writer } from '../../../../cli/trace/state/writer.ts';
import { storeOf } from '../../../../cli/trace/store.ts';
import { factsOf } from '../../../../core/linking/facts.ts';
import { bucket, type Given } from './given.ts';

const at = '2025-03-11T12:00:00.000Z';
const nothing = { announced: [], refusals: [], problems: [], notes: [] };
const none = { answers: [], basis: [] };

/** The store of a trace with all that is given: its records lie in a file, and its trail is a folder. */
export async function filledTrace(given: Given): Promise<{ store: Store; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-store-'));
  const state = State.forWriting(join(folder, 'state.sqlite'));
  state.note('bucket', bucket);
  state.note('account', '999999999999');
  fillRecords(given, state, join(folder, 'records.json'));
  for (const [index, { key, etag, execution, earliest, reads }] of given.files.entries()) {
    const writer = new Writer(state, { name: execution, at });
    writer.input(index, fileAt(join(folder, `file-${index}`), null), 'log', nothing, etag);
    const name = `s3://${bucket}/${key}`;
    writer.part(new Rows().part({ ...source, input: index, name, key, earliest, reads }, false));
  }
  const writer = new Writer(state, { name: 'objects', at });
  for (const [index, [key, { bytes, metadata }]] of [...given.objects].entries()) {
    const input = fileAt(join(folder, 'trail', key), key, bytes);
    writeFileSync(`${input.file}.head`, JSON.stringify({ Metadata: metadata }));
    writer.input(index, input, 'digest', nothing, null);
  }
  await fillSessions(given, new StateSessions(state));
  state.index();
  return {
    store: storeOf(state, given.publicKeys),
    close: async () => {
      state.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const source: ReadSource = {
  ...{ input: 0, member: 0, name: 's3://trail/x', key: null, bytesHash: null },
  ...{ records: 1, kept: 1, normalized: 1, earliest: null, reads: false, otherAccounts: 0 },
  outcome: 'read',
  refusals: [],
};

function fileAt(file: string, key: string | null, bytes: Buffer = Buffer.alloc(0)): Input {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return {
    ...{ file, key: key ?? '', size: bytes.length, bytes: fileBytes(file, bytes.length), content: 'log' },
    ...{ layers: [], damaged: false, encoding: 'utf-8', most: 1e6 },
  };
}

function fillRecords({ records }: Given, state: State, file: string): void {
  const rows = new Rows();
  let offset = 0;
  for (const { event, text } of records) {
    const length = Buffer.byteLength(text);
    rows.add({ offset, length }, { setting: event, occurrence: event });
    offset += length;
  }
  const writer = new Writer(state, { name: 'the-execution', at });
  const bytes = Buffer.from(records.map(({ text }) => text).join(''));
  writer.input(0, fileAt(file, null, bytes), 'log', nothing, null);
  writer.part(rows.part(source, false));
}

async function fillSessions({ sessions, repeated, attempts }: Given, store: StateSessions): Promise<void> {
  await store.writeFacts({ ...factsOf([]), refused: attempts });
  const own = sessions.map(each => [each.credential, each] as const);
  for (const [credential, each] of [...own, ...Object.entries(repeated)])
    await store.replace(credential, none, { answers: [each], basis: ['one'] });
}
