import { fingerprintOf, KeptAssemblies } from '../cli/kept-assemblies.ts';
import type { RoletrailConfig } from '../infra/roletrail-config.ts';

/** Writes the app of a configuration to `assembly`, without checks; only the first time in a run it is synthesized. */
export async function synthesized(config: RoletrailConfig, assembly: string): Promise<string> {
  const kept = new KeptAssemblies();
  const fingerprint = fingerprintOf(config);
  if (!kept.take(fingerprint, assembly)) {
    const { synthesize } = await import('../infra/synth.ts');
    synthesize(config, assembly, { checks: false });
    kept.keep(fingerprint, assembly);
  }
  return assembly;
}
