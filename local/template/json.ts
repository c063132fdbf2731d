import { readFileSync } from 'node:fs';
import { Unsupported } from '../contract.ts';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; `what` names it in the error. */
export function asObject(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw new Unsupported(`${what} is not an object: ${JSON.stringify(value)}`);
  return value;
}

export function asArray(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new Unsupported(`${what} is not a list: ${JSON.stringify(value)}`);
  return value;
}

export function asString(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Unsupported(`${what} is not a string: ${JSON.stringify(value)}`);
  return value;
}

/** Reads a JSON file that holds an object. Throws with the file's name when it cannot be read or holds anything else. */
export function readJsonObject(file: string): JsonObject {
  const text = readFileSync(file, 'utf8');
  try {
    return asObject(JSON.parse(text), file);
  } catch (error) {
    throw new Unsupported(`${file} is not a JSON object`, { cause: error });
  }
}

/** The JSON object a text is; null for any other text. */
export function objectIn(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    // Whoever asks has a word of its own for a text that is none.
    return null;
  }
}
