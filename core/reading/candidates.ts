import { issuingWords } from '../identities/issuing-calls.ts';
import type { AuditedRoles } from '../identities/roles.ts';
import { layout } from './json/layout.ts';
import { json, nativeMemory } from './json/native.ts';

const OPEN_BRACE = 0x7b;

/** The highest bit of a word's length: its letters are looked for in either case (see json.as). */
const eitherCase = 0x8000_0000;

/** Behind `sts`, `signin` and the like; see json.as. */
const hostEnd = '.amazonaws.com';

/** Which records may matter, by words that stand in their bytes. */
export class Candidates {
  readonly #table: Buffer;

  /**
   * A record does not matter that is an object without any of the words, and without a `\u` escape that could hide one.
   * `names`: words whose letters are small, and are looked for in either case.
   */
  constructor(words: readonly string[], names: readonly string[] = []) {
    this.#table = wordTable(words, names);
  }

  /** Whether the record that lies in the memory of json.as from `at` to `end` may matter. */
  has(at: number, end: number): boolean {
    return nativeMemory()[at] !== OPEN_BRACE || json.contains(at, end, this.words()) === 1;
  }

  /** Where the words lie in the memory of json.as, until another list of words is asked for. */
  words(): number {
    if (inUse !== this.#table) {
      nativeMemory().set(this.#table, layout.words);
      inUse = this.#table;
    }
    return layout.words;
  }
}

let inUse: Buffer | null = null;

/**
 * A look at a record's bytes before it is parsed: false only for a record that cannot matter. It may say true too
 * often, never false wrongly: what is not an object must be parsed to be refused by name.
 */
export function candidatesFor(roles: AuditedRoles): Candidates {
  // Issuing calls have words of their own; calls under `*` show a session, calls under a role its ARN or that of its session:
  // in both the role's name stands behind a slash, also where the slash is written `\/`.
  return roles.all
    ? new Candidates(['"sessionContext"', '"ASIA', ...issuingWords])
    : new Candidates(
        issuingWords,
        roles.names.map(name => `/${name}`),
      );
}

function wordTable(all: readonly string[], names: readonly string[]): Buffer {
  const others = all.filter(word => !word.endsWith(hostEnd));
  const hosts = names.length + others.length > 0 ? all.filter(word => word.endsWith(hostEnd)) : [];
  const list = Buffer.concat([
    ...names.map(name => entry(name, eitherCase)),
    ...(hosts.length > 0 ? others : all).map(word => entry(word)),
    u32(0),
  ]);
  const beginnings = hosts.map(host => entry(host.slice(0, -hostEnd.length)));
  const table = Buffer.concat(
    hosts.length > 0 ? [u32(4 + list.length), list, ...beginnings, u32(0)] : [u32(0), list],
  );
  const most = layout.wordsEnd - layout.words;
  if (table.length > most) throw new RangeError(`the audited roles' names have more than ${most} bytes`);
  return table;
}

function entry(word: string, flag = 0): Buffer {
  const bytes = Buffer.from(word);
  return Buffer.concat([u32(bytes.length + flag), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export const everyRecord = new Candidates(['{']);
