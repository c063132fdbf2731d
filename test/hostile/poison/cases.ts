import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldCase, PoisonCase } from './case-format.ts';

/** The whole corpus runs with ROLETRAIL_HOSTILE=full; otherwise what is marked `full` is left out. */
export const full = process.env.ROLETRAIL_HOSTILE === 'full';

/** Every case of this run, with the name its keys, eventIDs and messages hold. */
export const cases = [
  ...read<PoisonCase>('gzip'),
  ...read<PoisonCase>('json'),
  ...read<PoisonCase>('records'),
  ...read<FieldCase>('fields').map(caseOf),
  ...read<PoisonCase>('messages'),
]
  .map((each, index) => ({ ...each, slug: `poison-${String(index + 1).padStart(3, '0')}x` }))
  .filter(each => full || !each.full);

export type RunCase = (typeof cases)[number];

/** A record for each wrong value, and a good one beside them. */
function caseOf({ field, base, values, error, says, set = {} }: FieldCase): PoisonCase {
  const records = values.map(value => ({ ...(base && { base }), set: { ...set, [field]: value } }));
  return {
    name: `${field} is ${values.map(value => JSON.stringify(value)).join(', ')}`,
    file: { records: [...records, {}] },
    expected: { kept: [values.length + 1], refused: [{ error, says, times: values.length }] },
  };
}

function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'cases', `${name}.json`), 'utf8')) as T[];
}
