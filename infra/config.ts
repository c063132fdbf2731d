import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { configSchema } from './config-schema.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/** What holds where a configuration does not say. Nothing CloudTrail delivers again is older than 30 days. */
export const configDefaults = {
  redelivered: 'skip',
  graceMinutes: 60,
  lookbackDays: 35,
} as const satisfies Partial<RoletrailConfig>;

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

const defaultPath = resolve(import.meta.dirname, '../roletrail.json');
const examplePath = resolve(import.meta.dirname, 'roletrail.example.json');

/**
 * The configuration in a file: `path`, else `roletrail.json` of the project, else the example.
 * Throws {@link ConfigError}.
 */
export function readConfig(path?: string): RoletrailConfig {
  if (path !== undefined && !existsSync(path)) throw new ConfigError(path, ['there is no such file']);
  const file = path ?? (existsSync(defaultPath) ? defaultPath : examplePath);
  const shown = path ?? relative(process.cwd(), file);
  return parseConfig(parseJson(readFileSync(file, 'utf8'), shown), shown);
}

/** Checks a configuration; `source` names it in the error. Throws {@link ConfigError}. */
export function parseConfig(value: unknown, source = 'configuration'): RoletrailConfig {
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(
    source,
    result.error.issues.map(issue => {
      const field = fieldName(issue.path);
      return field ? `${field}: ${issue.message}` : issue.message;
    }),
  );
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
