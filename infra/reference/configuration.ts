import type * as z from 'zod';
import { configDefaults } from '../config-defaults.ts';
import { configSchema } from '../config-schema.ts';
import { type Description, descriptions } from './descriptions.ts';

interface Field {
  path: string;
  /** what the schema itself says it expects */
  expected: string;
  optional: boolean;
}

/**
 * docs/configuration.md: each field of the schema with its default and what it means.
 * `example`: the text of a configuration to show. Throws when fields and descriptions are not the same set.
 */
export function configurationDocument(example: string): string {
  return [
    '# Configuration reference',
    '',
    '<!-- written by: npm run docs -->',
    '',
    'The CDK app reads `roletrail.json` in the project folder, or `infra/roletrail.example.json` when that file does not',
    'exist. To read another file, pass `-c config=FILE` to `cdk synth` or `cdk deploy`. A wrong value stops the synthesis',
    'with one sentence that names the file and the field. Unknown fields are refused.',
    '',
    '| field | value | default | description |',
    '|---|---|---|---|',
    ...fields().map(line),
    '',
    '## Example',
    '',
    '```json',
    example.trim(),
    '```',
    '',
  ].join('\n');
}

function fields(): Field[] {
  const all = walk(configSchema, '');
  const paths = new Set(all.map(field => field.path));
  const missing = all.filter(field => !(field.path in descriptions)).map(field => field.path);
  const unknown = Object.keys(descriptions).filter(path => !paths.has(path));
  if (missing.length > 0 || unknown.length > 0) {
    throw new Error(
      `infra/reference/descriptions.ts: describe ${missing.join(', ') || 'nothing more'}; remove ${unknown.join(', ') || 'nothing'}`,
    );
  }
  return all;
}

function walk(schema: z.ZodType, path: string): Field[] {
  const { def } = schema as unknown as { def: Definition };
  if (def.innerType) return walk(def.innerType, path);
  if (def.element) return walk(def.element, `${path}[]`);
  return Object.entries(def.shape ?? {}).flatMap(([name, field]) => {
    const own = path ? `${path}.${name}` : name;
    return [describe(field, own), ...walk(field, own)];
  });
}

interface Definition {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
  shape?: Record<string, z.ZodType>;
}

function describe(schema: z.ZodType, path: string): Field {
  const { def } = schema as unknown as { def: Definition };
  const optional = def.type === 'optional';
  const message = (optional && def.innerType ? def.innerType : schema).safeParse(undefined).error?.issues[0]
    ?.message;
  const expected = /; expected (.*)$/.exec(message ?? '')?.[1];
  if (expected === undefined) throw new Error(`${path}: its schema does not say what it expects`);
  return { path, expected, optional };
}

function line({ path, expected, optional }: Field): string {
  const { means, absent } = descriptions[path] as Description;
  const value = (configDefaults as Record<string, unknown>)[path];
  const given = value === undefined ? absent : `\`${value}\``;
  if (optional && given === undefined) throw new Error(`${path}: say what holds when it is left out`);
  return `| \`${path}\` | ${cell(expected)} | ${optional ? given : '(required)'} | ${cell(means)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
