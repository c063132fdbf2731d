import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { bundledCode, synthesize } from '../../infra/synth.ts';
import { checkMachines } from '../../local/stepfunctions/check-machines.ts';
import type { LogNames } from '../../steps/runtime/environment.ts';
import { keptFunctions } from './kept-functions.ts';

/**
 * Writes the app of a configuration to the folder `assembly`, without the checks of a deployment, in this process.
 * Throws what `synthesize` throws, and an Error for a definition that is none of the States Language.
 */
export function writeAssembly(config: RoletrailConfig, assembly: string, logNames: LogNames): void {
  synthesize(config, assembly, { checks: false, logNames, code: bundledCode(keptFunctions(assembly)) });
  checkMachines(assembly);
}
