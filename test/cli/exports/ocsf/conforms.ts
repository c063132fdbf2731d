import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { isObject, type Json } from '../../../../core/records/read.ts';

interface Shape {
  required: string[];
  at_least_one?: string[];
  attributes: Record<string, string>;
  /** by attribute: the attribute that has its caption, and the captions by value */
  captions?: Record<string, [string, Record<string, string>]>;
}
interface Schema {
  version: string;
  base: Shape;
  classes: Record<string, Shape & { category_uid: number; activities: Record<string, string> }>;
  objects: Record<string, Shape>;
}

const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schema.json'), 'utf8')) as Schema;
const other = '99';

/** What of an event the schema does not allow, a sentence each. */
export function problemsOf(event: Json): string[] {
  const found = schema.classes[String(event.class_uid)];
  if (!found) return [`no class ${event.class_uid}`];
  const { base } = schema;
  const problems = shapeProblems(event, 'event', {
    ...found,
    required: [...base.required, ...found.required],
    attributes: { ...base.attributes, ...found.attributes },
    captions: { ...base.captions, ...found.captions, activity_id: ['activity_name', found.activities] },
  });
  if (event.category_uid !== found.category_uid) problems.push('the category is not the class’s');
  if (event.type_uid !== Number(event.class_uid) * 100 + Number(event.activity_id))
    problems.push('type_uid is not class_uid * 100 + activity_id');
  if ((event.metadata as Json | undefined)?.version !== schema.version)
    problems.push('it names another version');
  return problems;
}

function shapeProblems(value: Json, at: string, shape: Shape): string[] {
  const { required, at_least_one: some, attributes, captions = {} } = shape;
  const problems = required.filter(name => !(name in value)).map(name => `${at} has no ${name}`);
  if (some && !some.some(name => name in value)) problems.push(`${at} has none of ${some.join(', ')}`);
  for (const [name, each] of Object.entries(value)) {
    const type = attributes[name];
    if (!type) problems.push(`${at}.${name} is not in the schema`);
    else if (type.endsWith('[]')) {
      if (!Array.isArray(each)) problems.push(`${at}.${name} is not an array`);
      else
        for (const item of each) problems.push(...valueProblems(item, `${at}.${name}[]`, type.slice(0, -2)));
    } else problems.push(...valueProblems(each, `${at}.${name}`, type));
  }
  for (const [id, [sibling, names]] of Object.entries(captions)) {
    if (!(id in value)) continue;
    const caption = names[String(value[id])];
    if (caption === undefined) problems.push(`${at}.${id} is ${value[id]}`);
    else if (String(value[id]) !== other && sibling in value && value[sibling] !== caption)
      problems.push(`${at}.${sibling} is not ${caption}`);
  }
  return problems;
}

function valueProblems(value: unknown, at: string, type: string): string[] {
  const shape = schema.objects[type];
  if (shape) return isObject(value) ? shapeProblems(value, at, shape) : [`${at} is not of type ${type}`];
  const right =
    type === 'any'
      ? value !== undefined && value !== null
      : type === 'integer'
        ? Number.isInteger(value)
        : type === 'ip'
          ? isIP(String(value)) > 0
          : typeof value === type;
  return right ? [] : [`${at} is not of type ${type}`];
}
