import { join } from 'node:path';
import { checkMachines } from '@roletrail/local/deployment';
import { bundleHandlers } from '../../infra/bundle.ts';
import { bundledCode, functionFolders } from '../../infra/function-code.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { synthesize } from '../../infra/synth.ts';
import type { FunctionName, LogNames } from '../../steps/runtime/environment.ts';
import { functionsFingerprint, KeptAssemblies } from './kept-assemblies.ts';

/**
 * Writes the app of a configuration to the folder `assembly`, without the checks of a deployment, in this process.
 * Throws what `synthesize` throws, and an Error for a definition that is none of the States Language.
 */
export function writeAssembly(config: RoletrailConfig, assembly: string, logNames: LogNames): void {
  synthesize(config, assembly, { checks: false, logNames, code: bundledCode(keptFunctions(assembly)) });
  checkMachines(assembly);
}

/**
 * The folders with the bundled functions, below `assembly`: copied where the same sources were bundled before, which
 * takes a synthesis half of its time. Throws BundleError as bundleHandlers does.
 */
function keptFunctions(assembly: string): Record<FunctionName, string> {
  const kept = new KeptAssemblies();
  const folder = join(assembly, 'functions');
  const fingerprint = functionsFingerprint();
  if (kept.take(fingerprint, folder)) return functionFolders(folder);
  const made = bundleHandlers(folder);
  kept.keep(fingerprint, folder);
  return made;
}
