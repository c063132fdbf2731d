import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../../infra/config.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { UsageError } from '../failure.ts';
import { projectRoot } from '../project.ts';

/** `roletrail.json` of the folder, else the samples'. Throws UsageError for one that cannot be used. */
export function baseConfig(folder: string = process.cwd()): RoletrailConfig {
  const own = join(folder, 'roletrail.json');
  return checked(() => readConfig(existsSync(own) ? own : samplesConfigFile));
}

export const samplesConfigFile = join(projectRoot, 'samples', 'roletrail.json');

/** What is wrong with a configuration is wrong with what was asked for. Throws UsageError. */
export function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message, error) : error;
  }
}
