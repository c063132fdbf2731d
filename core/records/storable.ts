import type { AuditEvent, SessionTags } from './event.ts';
import { type Json, RecordError } from './read.ts';

/**
 * Bytes of one text that facts and answers are made of: it stands in keys, and a sort key holds 1,024 with what is
 * beside it (DynamoDB guide, constraints). The longest that AWS gives out, a user's ARN with a path, has some 630.
 */
const mostBytes = 900;

/** Tags of one issuance; AWS allows 50 (IAM guide, session tags). */
const mostTags = 200;

/** External ids may be longer (STS: 1,224 characters), and stand in no key, as sources; user agents are cut where they are shown. */
const longer = new Set(['issuance.externalId', 'userAgent', 'source']);

/**
 * Throws RecordError `TooLong` or `NotUnicode` for an event with a text that no table takes: one item refused by the
 * table fails the batch, and its neighbours with it.
 */
export function checkStorable(event: AuditEvent): void {
  if (event.issuance) checkTags(event.issuance.tags);
  check(event as object as Json, '');
  storable.add(event.caller);
}

/** Callers found storable: records of one session share theirs (see identity.ts). */
const storable = new WeakSet<object>();

/** CloudTrail's own records are nested a dozen deep; what is much deeper was made to exhaust the stack of a writer. */
const deepest = 200;

/** Throws RecordError `TooDeep` for what JSON.stringify may not get through. */
export function checkDepth(value: unknown, depth = 0): void {
  if (depth > deepest) throw new RecordError('TooDeep', `the record is nested deeper than ${deepest}`);
  if (typeof value !== 'object' || value === null) return;
  for (const field of Object.values(value)) checkDepth(field, depth + 1);
}

// The names of tags are the record's own; all others are ours.
function checkTags({ set, transitive, incoming }: SessionTags): void {
  const names = { set: Object.keys(set), incoming: Object.keys(incoming) };
  const count = names.set.length + transitive.length + names.incoming.length;
  if (count > 3 * mostTags) throw new RecordError('TooLong', `an issuance has ${count} tags`);
  for (const [field, list] of Object.entries(names)) {
    for (const name of list) if (!fits(name)) checkLong(name, `a field of issuance.tags.${field}`);
  }
}

// Each kept record passes here: entries of it as a list would be a tenth of Normalize.
function check(fields: Json, path: string): void {
  if (storable.has(fields)) return;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') {
      if (!fits(value)) checkLong(value, join(path, name));
    } else if (typeof value === 'object' && value !== null) check(value as Json, join(path, name));
  }
}

// Readers know the caller by the name it has in the record.
function join(path: string, name: string): string {
  if (path) return `${path}.${name}`;
  return name === 'caller' ? 'userIdentity' : name;
}

/** False for a text that {@link checkStorable} may refuse. A character has three bytes at most (a pair, which counts as two, has four). */
export function fits(text: string): boolean {
  return 3 * text.length <= mostBytes && text.isWellFormed();
}

function checkLong(text: string, path: string): void {
  if (!text.isWellFormed()) throw new RecordError('NotUnicode', `${path} holds half a surrogate pair`);
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes && !longer.has(path))
    throw new RecordError('TooLong', `${path} has ${bytes} bytes, more than ${mostBytes}`);
}
