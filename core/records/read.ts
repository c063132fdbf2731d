/** Reading fields of untrusted JSON: a wrong type is an error that names its path, never a silent null. */

export class RecordError extends Error {
  override name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Absent and null read as null, an object as itself. Throws RecordError `WrongType`. */
export function objectAt(parent: Json, name: string, path = name): Json | null {
  const value = own(parent, name);
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw new RecordError('WrongType', `${path} is ${describe(value)}, not an object`);
  return value;
}

/** Absent, null and the empty string read as null, a string as itself. Throws RecordError `WrongType`. */
export function stringAt(parent: Json, name: string, path = name): string | null {
  const value = own(parent, name);
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string')
    throw new RecordError('WrongType', `${path} is ${describe(value)}, not a string`);
  return value;
}

/** A string, or null for anything else: for a field that says more where it can be read, and costs nothing where not. */
export function textAt(parent: Json, name: string): string | null {
  const value = own(parent, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A string that must be there. Throws RecordError `MissingField` or `WrongType`. */
export function requiredString(parent: Json, name: string, path = name): string {
  const value = stringAt(parent, name, path);
  if (value === null) throw new RecordError('MissingField', `${path} is missing`);
  return value;
}

/** CloudTrail writes flags as booleans or as the words "true" and "false", by service and age of the record. */
export function flagAt(parent: Json, name: string, path = name): boolean {
  const value = own(parent, name);
  if (value === undefined || value === null) return false;
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === true || word === 'true') return true;
  if (word === false || word === 'false') return false;
  throw new RecordError('WrongType', `${path} is ${describe(value)}, not true or false`);
}

// A record may carry a key `__proto__` or `constructor`: only the record's own fields count.
function own(parent: Json, name: string): unknown {
  return Object.hasOwn(parent, name) ? parent[name] : undefined;
}

/** A value in a few words, whatever its size and depth. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'null';
  return typeof value === 'object'
    ? 'an object'
    : `the ${typeof value} ${JSON.stringify(value)?.slice(0, 40)}`;
}
