import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { configSchema } from './config-schema.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/** A configuration that cannot be deployed: one sentence for each wrong value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  /** `source`: the file, as the person knows it */
  constructor(source: string, problems: readonly string[]) {
    super(problems.map(problem => `${source}: ${problem}`).join('\n'));
    this.problems = problems;
  }
}

/** The project's own configuration, where there is one. */
export const ownConfigFile = resolve(import.meta.dirname, '../roletrail.json');
const examplePath = resolve(import.meta.dirname, 'roletrail.example.json');

/**
 * The configuration in a file: `path`, else `roletrail.json` of the project, else the example.
 * Throws {@link ConfigError}.
 */
export function readConfig(path?: string): RoletrailConfig {
  if (path !== undefined && !existsSync(path)) throw new ConfigError(path, ['the file does not exist']);
  const file = path ?? (existsSync(ownConfigFile) ? ownConfigFile : examplePath);
  const shown = path ?? relative(process.cwd(), file);
  return parseConfig(parseJson(readFileSync(file, 'utf8'), shown), shown);
}

/** Checks a configuration; `source` names it in the error. Throws {@link ConfigError}. */
export function parseConfig(value: unknown, source = 'configuration'): RoletrailConfig {
  const { known, problems } = withoutGone(value);
  const result = configSchema.safeParse(known);
  if (result.success && problems.length === 0) return result.data;
  throw new ConfigError(source, [
    ...problems,
    ...(result.error?.issues ?? []).map(({ path, message }) => {
      const field = fieldName(path);
      return field ? `${field}: ${message}` : message;
    }),
  ]);
}

/** Fields of earlier versions, and why a file must not say them any more. */
const gone: Record<string, string> = {
  workflow:
    'the field is gone, remove it: every execution is a Standard one. Express lost batches at 300 s, kept no history, and saved $3.50 per million files in batches of 100',
};

function withoutGone(value: unknown): { known: unknown; problems: string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { known: value, problems: [] };
  const entries = Object.entries(value);
  return {
    known: Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(gone, name))),
    problems: entries.flatMap(([name]) => (Object.hasOwn(gone, name) ? [`${name}: ${gone[name]}`] : [])),
  };
}

/** `['partners', 0, 'account']` as a person writes it: `partners[0].account` */
function fieldName(path: PropertyKey[]): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name ? `${name}.${String(part)}` : String(part);
  }, '');
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(file, [`the file is not JSON: ${error instanceof Error ? error.message : error}`]);
  }
}
