import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { configSchema } from './config-schema.ts';

export interface RoletrailConfig {
  /** the account that is audited, and the region the pipeline runs in */
  production: { account: string; region: string };
  /** role ARNs, role names (exact), or '*' for every temporary credential */
  auditedRoles: string[];
  /** trusted accounts that send their AssumeRole events; one partner stack per account and region */
  partners: { account: string; regions: string[]; externalIds?: string[] }[];
  /**
   * the bucket CloudTrail writes to; `existing` by name (in this account), or created with the stack.
   * `keyArn`: the KMS key an existing bucket's log files are encrypted with, if they are
   */
  trailBucket: { name: string; create?: boolean; keyArn?: string };
  /**
   * accounts whose records the trail may hold beside production's: ids, `['*']` for any (an organisation's trail), or
   * `['unchecked']`, as replays of logs that were made anonymous need it. Absent: the partners'
   */
  trailAccounts?: string[];
  /** how many messages intake takes at once, and how long it waits for them */
  batch: { size: number; windowSeconds: number };
  workflow: 'standard' | 'express';
  /**
   * a log file that was processed for the same roles already: CloudTrail delivers files again for up to 30 days.
   * Absent: skip
   */
  redelivered?: 'skip' | 'process';
  /** how long a session may be unlinked before it is an alert: its issuance may be late. Absent: 60 */
  graceMinutes?: number;
  /** sessions that began earlier raise no alert, and none is withdrawn for them. Absent: 35 */
  lookbackDays?: number;
  alarmEmail?: string;
}

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
