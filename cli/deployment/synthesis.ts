import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundleHandlers, functionFolders } from '../../infra/bundle.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { bundledCode, synthesize } from '../../infra/synth.ts';
import { checkMachines } from '../../local/stepfunctions/check-machines.ts';
import type { FunctionName, LogNames } from '../../steps/runtime/environment.ts';
import { functionsFingerprint, KeptAssemblies } from './kept-assemblies.ts';

/** The process that `synthesizeApart` starts: takes `{config, assembly, logNames}` as JSON on standard input, and writes the app. */
interface Asked {
  config: RoletrailConfig;
  assembly: string;
  logNames: LogNames;
}

const { config, assembly, logNames } = JSON.parse(await text(process.stdin)) as Asked;
try {
  synthesize(config, assembly, { checks: false, logNames, code: bundledCode(keptFunctions(assembly)) });
  checkMachines(assembly);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
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
