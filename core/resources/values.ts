import { isObject, type Json } from '../records/read.ts';

/** So many values are looked at on the way to one name, and so deep: a record is at most 256 KB, but any shape. */
const mostValues = 5_000;
const deepest = 8;

const parts: Record<string, string> = { request: 'requestParameters', response: 'responseElements' };

/** What was looked up in a record before: rows of a table ask for the same members, and most are not there. */
interface Known {
  names: Set<string>;
  texts: Map<string, string[]>;
}
const known = new WeakMap<Json, Known>();

/**
 * The texts at a path such as `request.instancesSet.items.instanceId`: through lists element by element, and `**` through
 * whatever lies between. Letters' case does not matter: services write `arn`, `aRN` and `ARN`. None where the record has
 * another shape.
 */
export function textsAt(record: Json, path: string): string[] {
  const { names, texts } = knownOf(record);
  const before = texts.get(path);
  if (before) return before;
  const [part = '', ...members] = path.split('.');
  const last = members.at(-1)?.toLowerCase();
  const found = last === undefined || names.has(last) ? valuesAt(record[parts[part] ?? part], members) : [];
  const read = found
    .flatMap(elementsOf)
    .map(textOf)
    .filter(text => text !== null);
  texts.set(path, read);
  return read;
}

/** The names of all members of a record, in small letters: what is not among them need not be looked for. */
export function memberNames(record: Json): ReadonlySet<string> {
  return knownOf(record).names;
}

function knownOf(record: Json): Known {
  let those = known.get(record);
  if (!those) {
    const objects = within(record);
    const names = objects.flatMap(object => Object.keys(object as Json)).map(name => name.toLowerCase());
    those = { names: new Set(names), texts: new Map() };
    known.set(record, those);
  }
  return those;
}

function valuesAt(value: unknown, members: readonly string[]): unknown[] {
  let values: unknown[] = [value];
  for (const member of members) {
    const next = member === '**' ? within : (each: unknown) => membersOf(each, member);
    values = values.flatMap(next).slice(0, mostValues);
  }
  return values;
}

function elementsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, mostValues) : [value];
}

function membersOf(value: unknown, name: string): unknown[] {
  const asked = name.toLowerCase();
  return elementsOf(value)
    .filter(isObject)
    .flatMap(object =>
      Object.keys(object)
        .filter(key => key.toLowerCase() === asked)
        .map(key => object[key]),
    );
}

/** Each object in a value, itself first. */
function within(value: unknown): unknown[] {
  const found: unknown[] = [];
  let level = [value];
  for (let depth = 0; depth <= deepest && level.length > 0 && found.length < mostValues; depth += 1) {
    const objects = level.flatMap(elementsOf).filter(isObject).slice(0, mostValues);
    found.push(...objects);
    level = objects.flatMap(object => Object.values(object)).filter(each => typeof each === 'object');
  }
  return found;
}

/**
 * Ids are texts; some services write a number as a number, EC2 some texts as `{content, tag}`, and some an ARN as it stood in
 * the address of a request.
 */
function textOf(value: unknown): string | null {
  if (isObject(value)) return typeof value.content === 'string' ? textOf(value.content) : null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '' || value === hidden) return null;
  return value.startsWith('arn%3A') ? decoded(value) : value;
}

/** What CloudTrail writes in place of what could be a secret: it names nothing. */
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoding then, but a name with a percent sign.
    return text;
  }
}
