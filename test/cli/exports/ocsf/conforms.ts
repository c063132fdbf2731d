import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { isObject, type Json } from '../../../../core/records/read.ts';
import type { Attribute, Extract, Shape } from './extract.ts';

const schema: Extract = JSON.parse(readFileSync(join(import.meta.dirname, 'schema.json'), 'utf8'));
/** The value of an enum for what the schema has no value for: its sibling says what. */
const other = '99';

/** What of an event the schema does not allow, a sentence each. */
export function problemsOf(event: Json): string[] {
  const found = schema.classes[String(event.class_uid)];
  if (!found) return [`no class ${event.class_uid}`];
  const problems = shapeProblems(event, 'event', found);
  if (event.category_uid !== found.category_uid) problems.push('the category is not the class’s');
  if (event.type_uid !== Number(event.class_uid) * 100 + Number(event.activity_id))
    problems.push('type_uid is not class_uid * 100 + activity_id');
  const metadata = isObject(event.metadata) ? event.metadata : {};
  if (metadata.version !== schema.version) problems.push('it names another version');
  // The extract has attributes of these profiles and of no other.
  if (JSON.stringify(metadata.profiles) !== JSON.stringify(schema.profiles))
    problems.push(`it does not name the profiles ${schema.profiles}`);
  return problems;
}

function shapeProblems(value: Json, at: string, shape: Shape): string[] {
  const { attributes, at_least_one: some, just_one: one } = shape;
  const problems = Object.entries(attributes)
    .filter(([name, { requirement }]) => requirement === 'required' && !(name in value))
    .map(([name]) => `${at} has no ${name}`);
  if (some && !some.some(name => name in value)) problems.push(`${at} has none of ${some.join(', ')}`);
  if (one && one.filter(name => name in value).length !== 1)
    problems.push(`${at} has not just one of ${one.join(', ')}`);
  for (const [name, each] of Object.entries(value)) {
    const attribute = attributes[name];
    if (!attribute) problems.push(`${at}.${name} is not in the schema`);
    else problems.push(...attributeProblems(value, name, each, `${at}.${name}`, attribute));
  }
  return problems;
}

function attributeProblems(
  parent: Json,
  name: string,
  value: unknown,
  at: string,
  attribute: Attribute,
): string[] {
  const { array, deprecated, type } = attribute;
  const problems = deprecated ? [`${at} is deprecated since ${deprecated}`] : [];
  if (array && !Array.isArray(value)) return [...problems, `${at} is not an array`];
  const items = array ? (value as unknown[]) : [value];
  for (const item of items) {
    problems.push(...valueProblems(item, array ? `${at}[]` : at, type));
    problems.push(...enumProblems(parent, name, item, at, attribute));
  }
  return problems;
}

function enumProblems(
  parent: Json,
  name: string,
  value: unknown,
  at: string,
  attribute: Attribute,
): string[] {
  const { enum: captions, sibling, deprecatedValues = [] } = attribute;
  if (!captions) return [];
  const caption = captions[String(value)];
  if (caption === undefined) return [`${at} is ${value}`];
  if (deprecatedValues.includes(String(value))) return [`${at} is ${value}, which is deprecated`];
  if (!sibling) return [];
  if (String(value) === other)
    return sibling in parent ? [] : [`${at} is ${other} and ${sibling} is not there`];
  return sibling in parent && parent[sibling] !== caption
    ? [`${sibling} beside ${name} is not ${caption}`]
    : [];
}

const json: Record<string, (value: unknown) => boolean> = {
  boolean_t: value => typeof value === 'boolean',
  float_t: value => typeof value === 'number',
  integer_t: value => Number.isInteger(value),
  long_t: value => Number.isInteger(value),
  string_t: value => typeof value === 'string',
  json_t: value => value !== undefined && value !== null,
};

const patterns = new Map<string, RegExp>();

function compiled(regex: string): RegExp {
  const known = patterns.get(regex) ?? new RegExp(regex);
  patterns.set(regex, known);
  return known;
}

function valueProblems(value: unknown, at: string, type: string): string[] {
  const shape = schema.objects[type];
  // `object` is any object: what `unmapped` is.
  if (type === 'object') return isObject(value) ? [] : [`${at} is not an object`];
  if (shape) return isObject(value) ? shapeProblems(value, at, shape) : [`${at} is not of type ${type}`];
  const rule = schema.types[type];
  if (!rule) return [`${at} is of the type ${type}, which the schema does not have`];
  if (!json[rule.type ?? type]?.(value)) return [`${at} is not of type ${type}`];
  const { regex, max_len: most, range } = rule;
  const wrong =
    (type === 'ip_t' && isIP(String(value)) === 0) ||
    (regex !== undefined && !compiled(regex).test(String(value))) ||
    (most !== undefined && String(value).length > most) ||
    (range !== undefined && (Number(value) < range[0] || Number(value) > range[1]));
  return wrong ? [`${at} is no ${type}: ${value}`] : [];
}
