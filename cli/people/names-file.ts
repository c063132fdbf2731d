import { closeSync, openSync, readSync } from 'node:fs';
import { isObject } from '../../core/records/read.ts';
import { UsageError } from '../failure.ts';
import { isUserId } from './people.ts';

/** A directory of 100,000 users, as `aws identitystore list-users` prints it, is about this large. */
const mostBytes = 64 * 1024 * 1024;
/** Identity store API reference, User: a display name has up to 1,024 characters, a user name 128. */
const longestName = 1_024;

/**
 * Names of Identity Center's users by user id in small letters. The file is what `aws identitystore list-users` prints,
 * an object of names by id, or CSV. Throws UsageError naming the file.
 */
export function readNamesFile(file: string): Map<string, string> {
  try {
    return parseNames(textOf(file));
  } catch (error) {
    throw new UsageError(`names of ${file}: ${(error as Error).message}`, error);
  }
}

/** Throws an Error that says what is wrong, and where. */
export function parseNames(text: string): Map<string, string> {
  const entries = /^\s*[[{]/.test(text) ? fromJson(text) : fromCsv(text);
  const names = new Map<string, string>();
  for (const { userId, name, at } of entries) {
    if (typeof userId !== 'string' || !isUserId(userId))
      throw new Error(`${at}: ${shown(userId)} is not an Identity Center user id`);
    if (typeof name !== 'string' || name.trim() === '' || name.length > longestName)
      throw new Error(
        `${at}: the user ${userId} has no name, or one of more than ${longestName.toLocaleString('en-US')} characters`,
      );
    const id = userId.toLowerCase();
    const known = names.get(id) ?? name.trim();
    if (known !== name.trim()) throw new Error(`${at}: the user ${userId} has two names`);
    names.set(id, known);
  }
  if (names.size === 0) throw new Error('it holds no names');
  return names;
}

interface Entry {
  userId: unknown;
  name: unknown;
  /** where it stands */
  at: string;
}

function fromJson(text: string): Entry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`it begins like JSON, but is not valid JSON: ${(error as Error).message}`);
  }
  if (!isObject(value))
    throw new Error(
      'expected {"Users": [...]} as "aws identitystore list-users" prints it, or {"ID": "name"}',
    );
  if (!Object.hasOwn(value, 'Users'))
    return Object.entries(value).map(([userId, name]) => ({ userId, name, at: `"${userId.slice(0, 60)}"` }));
  if (!Array.isArray(value.Users)) throw new Error('"Users" is not a list');
  return value.Users.map((user: unknown, index) => {
    const { UserId, UserName, DisplayName } = isObject(user) ? user : {};
    return { userId: UserId, name: UserName ?? DisplayName, at: `user ${index + 1}` };
  });
}

/** `userId,userName`, with a header or without (RFC 4180; a cell in quotes holds no line break). */
function fromCsv(text: string): Entry[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const at = `line ${index + 1}`;
    const cells = cellsOf(line);
    if (cells?.length !== 2) throw new Error(`${at} is not userId,userName`);
    const [userId = '', name = ''] = cells;
    return index === 0 && /^user_? ?id$/i.test(userId) ? [] : [{ userId, name, at }];
  });
}

/** Null for a line whose quotes do not close. */
function cellsOf(line: string): string[] | null {
  const cells = [...`${line},`.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^",]*)),/gy)];
  const length = cells.reduce((sum, [cell]) => sum + cell.length, 0);
  if (length !== line.length + 1) return null;
  return cells.map(([, quoted, bare = '']) => (quoted?.replaceAll('""', '"') ?? bare).trim());
}

/** The file's text; a pipe is read as well as a file. */
function textOf(file: string): string {
  const parts: Buffer[] = [];
  let size = 0;
  const open = openSync(file, 'r');
  try {
    for (;;) {
      const part = Buffer.alloc(1024 * 1024);
      const read = readSync(open, part);
      if (read === 0) break;
      size += read;
      if (size > mostBytes) throw new Error('it is larger than 64 MB');
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(open);
  }
  try {
    // A byte order mark is no part of the text.
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new Error('it is not UTF-8 text');
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 60)}"` : 'what it has';
}
