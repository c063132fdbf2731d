import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionName } from './environment.ts';

/**
 * The lists that a function gets from the configuration. They are in a file of its package: the environment holds 4,096 bytes in
 * all (Lambda guide, quotas), which are some 60 topics.
 */
export const settingNames = {
  intake: ['partnerTopics'],
  fetch: ['auditedRoles', 'trailAccounts'],
  decompress: ['auditedRoles'],
  filter: ['auditedRoles'],
  normalize: ['auditedRoles', 'trailAccounts'],
  persist: [],
  correlate: [],
  ledger: ['auditedRoles'],
  quarantine: [],
  watch: [],
  integrity: [],
} as const satisfies Record<FunctionName, readonly string[]>;

export type SettingName = (typeof settingNames)[FunctionName][number];

/** The name of the file, in the folder of `index.js`. */
export const settingsFile = 'settings.json';

/**
 * The lists of one function. `folder`: where its package is unpacked, as Lambda says. Throws for a file that is not there or
 * lacks a list: an empty list in its place would audit nothing, and say nothing of it.
 */
export function readSettings<F extends FunctionName>(
  functionName: F,
  folder: string | undefined = process.env.LAMBDA_TASK_ROOT,
): Record<(typeof settingNames)[F][number], string[]> {
  if (!folder)
    throw new TypeError('LAMBDA_TASK_ROOT is not set: the function does not know where its package is');
  const file = join(folder, settingsFile);
  const found = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const names: readonly string[] = settingNames[functionName];
  const lists = names.map(name => [name, listOf(found[name], `${name} in ${file}`)]);
  return Object.fromEntries(lists) as Record<(typeof settingNames)[F][number], string[]>;
}

function listOf(value: unknown, what: string): string[] {
  if (!Array.isArray(value) || value.some(item => typeof item !== 'string'))
    throw new TypeError(`${what} is not a list of strings`);
  return value;
}
