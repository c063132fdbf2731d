import { json, layout, nativeMemory } from './json/native.ts';
import type { AuditedRoles } from './roles.ts';

/** Whether a record that lies in the memory of json.as from `at` to `end` may matter. */
export type MayMatter = (at: number, end: number) => boolean;

/**
 * A look at a record's bytes before it is parsed: false only for a record that cannot matter. It may say true too
 * often, never false wrongly: a record with a `\u` escape may hide any word, and what is no object must be parsed to be
 * refused by name.
 */
export function candidateTest(roles: AuditedRoles): MayMatter {
  // Issuances name STS or the sign-in; calls under `*` show a session, calls under a role its name.
  const table = wordTable([
    ...(roles.all ? ['"sessionContext"', '"ASIA'] : roles.names),
    'sts.amazonaws.com',
    'signin.amazonaws.com',
    '\\u',
  ]);
  return (at, end) => {
    const memory = nativeMemory();
    if (memory[at] !== 0x7b) return true;
    // Another test may have left its words there.
    if (inUse !== table) {
      memory.set(table, layout.words);
      inUse = table;
    }
    return json.contains(at, end, layout.words) === 1;
  };
}

let inUse: Buffer | null = null;

function wordTable(words: readonly string[]): Buffer {
  const parts = words.flatMap(word => {
    const bytes = Buffer.from(word);
    return [u32(bytes.length), bytes];
  });
  const table = Buffer.concat([...parts, u32(0)]);
  const most = layout.wordsEnd - layout.words;
  if (table.length > most) throw new RangeError(`the audited roles' names have more than ${most} bytes`);
  return table;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
