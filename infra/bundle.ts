import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { FunctionName } from '../steps/runtime/environment.ts';
import { functionFolders, functionNames } from './function-code.ts';

/** A handler that cannot be bundled; the message names the file and the place. */
export class BundleError extends Error {
  override name = 'BundleError';
}

const project = resolve(import.meta.dirname, '..');

/**
 * Bundles `<steps>/<function>.ts`, which exports `handler`, into `<outdir>/<function>/index.js`: CommonJS for Node 24,
 * minified with names kept, and a source map. One call for all; the bytes do not depend on `outdir`.
 * Throws {@link BundleError}.
 */
export function bundleHandlers(outdir: string, steps = join(project, 'steps')): Record<FunctionName, string> {
  for (const name of functionNames) {
    const file = join(steps, `${name}.ts`);
    if (!existsSync(file))
      throw new BundleError(`${relative(process.cwd(), file)} is missing: the function ${name}`);
  }
  // Source maps name files relative to the output: a fixed place keeps asset hashes the same for every outdir.
  const virtual = join(dirname(steps), 'dist', 'functions');
  for (const { path, contents } of build(steps, virtual)) {
    const file = join(outdir, relative(virtual, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  const folders = functionFolders(outdir);
  // Below a project of ES modules, Node would take index.js for one.
  for (const folder of Object.values(folders))
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  return folders;
}

function build(steps: string, outdir: string) {
  try {
    return buildSync({
      entryPoints: functionNames.map(name => ({ in: join(steps, `${name}.ts`), out: `${name}/index` })),
      absWorkingDir: dirname(steps),
      outdir,
      write: false,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      mainFields: ['module', 'main'],
      minify: true,
      keepNames: true,
      sourcemap: true,
      sourcesContent: false,
      logLevel: 'silent',
    }).outputFiles;
  } catch (error) {
    throw new BundleError(
      `the functions cannot be bundled: ${error instanceof Error ? error.message : error}`,
    );
  }
}
