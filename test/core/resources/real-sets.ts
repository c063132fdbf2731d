import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isObject, type Json } from '../../../core/records/read.ts';

const project = join(import.meta.dirname, '..', '..', '..');
/** Real sets lie beside the project, not in it. */
export const trails = join(project, '..', 'shared', 'trails');
export const samples = join(project, 'samples');

/** Every record of the CloudTrail files in a folder; of those that EventBridge sent, too. */
export function* recordsIn(folder: string): Generator<Json> {
  if (!existsSync(folder)) return;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(each => each.isFile());
  for (const file of files) yield* recordsOf(join(file.parentPath, file.name));
}

function recordsOf(path: string): Json[] {
  if (!/\.json(?:\.gz)?$/.test(path)) return [];
  const bytes = readFileSync(path);
  const text = path.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
  const content: unknown = /^\s*[[{]/.test(text) ? parsed(text) : null;
  const listed = isObject(content) ? (content.Records ?? content.detail) : content;
  return [listed].flat().filter(each => isObject(each) && typeof each.eventID === 'string') as Json[];
}

/** The oddities have files that are cut, on purpose. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
