/**
 * Makes schema.json of a compiled OCSF schema: the three classes that the export uses, with the cloud profile, and every object
 * that they reach, whole: each attribute with its type, requirement, enum and deprecation, and each constraint. Captions are kept,
 * descriptions are not.
 *
 * The compiled schema of release 1.8.0 is what https://schema.ocsf.io/export/schema gives; the package ocsf-json-schema on PyPI
 * carries it (Apache-2.0):
 *
 *   pip download --no-deps ocsf-json-schema==1.2.0 && unzip ocsf_json_schema-1.2.0-py3-none-any.whl
 *   node test/cli/exports/ocsf/extract.ts ocsf_json_schema/ocsf/1.8.0.json
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An attribute as the compiled schema has it, as far as it is kept. */
interface Compiled {
  type: string;
  requirement: string;
  object_type?: string;
  is_array?: boolean;
  profiles?: string[] | null;
  sibling?: string;
  enum?: Record<string, { caption: string; '@deprecated'?: { since: string } }>;
  '@deprecated'?: { since: string };
}
interface CompiledShape {
  attributes: Record<string, Compiled>;
  constraints?: Record<string, string[]>;
}

/** An attribute of the extract. */
export interface Attribute {
  /** of the dictionary (`string_t`), or an object's name */
  type: string;
  array?: true;
  requirement: string;
  /** captions by value */
  enum?: Record<string, string>;
  /** values that are deprecated */
  deprecatedValues?: string[];
  /** the attribute that has the value's caption */
  sibling?: string;
  /** the release that deprecated it */
  deprecated?: string;
}
export interface Shape {
  attributes: Record<string, Attribute>;
  at_least_one?: string[];
  just_one?: string[];
}
export interface TypeRule {
  /** the type it stands on; absent: one of JSON's own */
  type?: string;
  regex?: string;
  max_len?: number;
  range?: [number, number];
}
export interface Extract {
  source: string;
  version: string;
  profiles: string[];
  types: Record<string, TypeRule>;
  classes: Record<string, Shape & { category_uid: number }>;
  objects: Record<string, Shape>;
}

const classes = ['account_change', 'authentication', 'api_activity'];
const profiles = ['cloud'];

export function extractOf(text: string): Extract {
  const schema = JSON.parse(text);
  const objects: Record<string, Shape> = {};
  const reach = (shape: Shape) => {
    for (const { type } of Object.values(shape.attributes)) {
      if (!(type in schema.objects) || type in objects) continue;
      const found = shapeOf(schema.objects[type]);
      objects[type] = found;
      reach(found);
    }
  };
  const kept = classes.map(name => {
    const { uid, category_uid, ...compiled } = schema.classes[name];
    const shape = { category_uid, ...shapeOf(compiled) };
    reach(shape);
    return [String(uid), shape] as const;
  });
  const hash = createHash('sha256').update(text).digest('hex');
  return {
    source: `github.com/ocsf/ocsf-schema, Apache-2.0, compiled: ocsf_json_schema/ocsf/1.8.0.json of ocsf-json-schema 1.2.0 (PyPI), SHA-256 ${hash}. Made by extract.ts.`,
    version: schema.version,
    profiles,
    types: typesOf(schema.dictionary.types.attributes),
    classes: Object.fromEntries(kept),
    objects: Object.fromEntries(Object.entries(objects).sort()),
  };
}

function shapeOf({ attributes, constraints = {} }: CompiledShape): Shape {
  // An attribute of a profile is there only for events that say they have the profile.
  const applied = Object.entries(attributes).filter(
    ([, { profiles: of }]) => !of || of.some(each => profiles.includes(each)),
  );
  return {
    attributes: Object.fromEntries(applied.map(([name, each]) => [name, attributeOf(each)])),
    ...constraints,
  };
}

function attributeOf(compiled: Compiled): Attribute {
  const { type, object_type, is_array, requirement, sibling, '@deprecated': deprecated } = compiled;
  const values = Object.entries(compiled.enum ?? {});
  const old = values.filter(([, each]) => each['@deprecated']).map(([value]) => value);
  return {
    type: object_type ?? type,
    ...(is_array ? { array: true } : {}),
    requirement,
    ...(values.length > 0
      ? { enum: Object.fromEntries(values.map(([value, { caption }]) => [value, caption])) }
      : {}),
    ...(old.length > 0 ? { deprecatedValues: old } : {}),
    ...(sibling ? { sibling } : {}),
    ...(deprecated ? { deprecated: deprecated.since } : {}),
  };
}

function typesOf(types: Record<string, TypeRule>): Extract['types'] {
  return Object.fromEntries(
    Object.entries(types).map(([name, { type, regex, max_len, range }]) => [
      name,
      JSON.parse(JSON.stringify({ type, regex, max_len, range })),
    ]),
  );
}

if (process.argv[1] === import.meta.filename) {
  const [path] = process.argv.slice(2);
  if (!path) throw new Error('give the compiled schema: node extract.ts PATH/1.8.0.json');
  const extract = extractOf(readFileSync(path, 'utf8'));
  const lines = (part: object) =>
    Object.entries(part)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const { classes, objects, types, ...head } = extract;
  const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "types": {\n${lines(types)}\n  },\n  "classes": {\n${lines(classes)}\n  },\n  "objects": {\n${lines(objects)}\n  }\n}\n`;
  writeFileSync(join(import.meta.dirname, 'schema.json'), text);
}
