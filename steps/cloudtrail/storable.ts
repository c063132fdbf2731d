import type { AuditEvent } from './event.ts';
import { RecordError } from './read.ts';

/**
 * Bytes of one text that facts and answers are made of: it stands in keys, and a sort key holds 1,024 with what is
 * beside it (DynamoDB guide, constraints). The longest that AWS gives out, a user's ARN with a path, has some 630.
 */
const mostBytes = 900;

/** Tags of one issuance; AWS allows 50 (IAM guide, session tags). */
const mostTags = 200;

/** External ids alone may be longer (STS: 1,224 characters), and stand in no key; user agents are cut where they are shown. */
const longer = new Set(['externalId', 'userAgent']);

/**
 * Throws RecordError `TooLong` or `NotUnicode` for an event with a text that no table takes: one item refused by the
 * table fails the batch, and its neighbours with it.
 */
export function checkStorable(event: AuditEvent): void {
  const tags = event.issuance?.tags;
  const count = tags
    ? Object.keys(tags.set).length + tags.transitive.length + Object.keys(tags.incoming).length
    : 0;
  if (count > 3 * mostTags) throw new RecordError('TooLong', `an issuance has ${count} tags`);
  check(event, '', '');
}

/** CloudTrail's own records are nested a dozen deep; what is much deeper was made to exhaust the stack of a writer. */
const deepest = 200;

/** Throws RecordError `TooDeep` for what JSON.stringify may not get through. */
export function checkDepth(value: unknown, depth = 0): void {
  if (depth > deepest) throw new RecordError('TooDeep', `the record is nested deeper than ${deepest}`);
  if (typeof value !== 'object' || value === null) return;
  for (const field of Object.values(value)) checkDepth(field, depth + 1);
}

function check(value: unknown, name: string, path: string): void {
  if (typeof value === 'string') checkText(value, name, path);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, field] of Object.entries(value)) {
      checkText(key, key, `a field of ${path || 'the record'}`);
      check(field, key, path ? `${path}.${key}` : recordName(key));
    }
  }
}

// Readers know the caller by the name it has in the record.
function recordName(key: string): string {
  return key === 'caller' ? 'userIdentity' : key;
}

function checkText(text: string, name: string, path: string): void {
  if (!text.isWellFormed()) throw new RecordError('NotUnicode', `${path} holds half a surrogate pair`);
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes && !longer.has(name) && name !== 'source')
    throw new RecordError('TooLong', `${path} has ${bytes} bytes, more than ${mostBytes}`);
}
