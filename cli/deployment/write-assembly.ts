import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { bundledCode, synthesize } from '../../infra/synth.ts';
import { checkMachines } from '../../local/stepfunctions/check-machines.ts';
import { keptFunctions } from './kept-functions.ts';

/**
 * Writes the app of a configuration to the folder `assembly`, without the checks of a deployment, in this process.
 * Throws what `synthesize` throws, and an Error for a definition that is none of the States Language.
 */
export function writeAssembly(config: RoletrailConfig, assembly: string): void {
  synthesize(config, assembly, { checks: false, code: bundledCode(keptFunctions(assembly)) });
  checkMachines(assembly);
}
