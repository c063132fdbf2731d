import { isObject, type Json } from '../records/read.ts';

/** So many elements of lists are read on the way to one name. */
const mostElements = 1000;

const parts: Record<string, string> = { request: 'requestParameters', response: 'responseElements' };

/** The texts at a path such as `request.instancesSet.items[].instanceId`; none where the record has another shape. */
export function textsAt(record: Json, path: string): string[] {
  const [part = '', ...members] = path.split('.');
  let values: unknown[] = [record[parts[part] ?? part]];
  for (const member of members) {
    const name = member.replace('[]', '');
    values = values.flatMap(value => {
      if (!isObject(value) || !Object.hasOwn(value, name)) return [];
      const found = value[name];
      return member.endsWith('[]') && Array.isArray(found) ? found.slice(0, mostElements) : [found];
    });
  }
  return values.map(textOf).filter(text => text !== null);
}

/** Ids are texts; some services write an account or a number as a number. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' ? String(value) : null;
}
