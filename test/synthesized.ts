import { fingerprintOf, KeptAssemblies } from '../cli/deployment/kept-assemblies.ts';
import { synthesizeApart } from '../cli/deployment/synthesize-apart.ts';
import type { RoletrailConfig } from '../infra/roletrail-config.ts';
import type { LogNames } from '../steps/runtime/environment.ts';

/**
 * Writes the app of a configuration to `assembly`, without checks; only the first time in a run it is synthesized, by the
 * process that does it for all tests: the CDK keeps a process that loaded it from ending.
 */
export async function synthesized(
  config: RoletrailConfig,
  assembly: string,
  logNames: LogNames = 'trail',
): Promise<string> {
  const kept = new KeptAssemblies();
  const fingerprint = fingerprintOf(config, logNames);
  if (!kept.take(fingerprint, assembly)) {
    await synthesizeApart(config, assembly, logNames);
    kept.keep(fingerprint, assembly);
  }
  return assembly;
}
