import { join } from 'node:path';
import { bundleHandlers, functionFolders } from '../../infra/bundle.ts';
import type { FunctionName } from '../../steps/runtime/environment.ts';
import { functionsFingerprint, KeptAssemblies } from './kept-assemblies.ts';

/**
 * The folders with the bundled functions, below `assembly`: copied where the same sources were bundled before, which
 * takes a synthesis half of its time. Throws BundleError as bundleHandlers does.
 */
export function keptFunctions(assembly: string): Record<FunctionName, string> {
  const kept = new KeptAssemblies();
  const folder = join(assembly, 'functions');
  const fingerprint = functionsFingerprint();
  if (kept.take(fingerprint, folder)) return functionFolders(folder);
  const made = bundleHandlers(folder);
  kept.keep(fingerprint, folder);
  return made;
}
