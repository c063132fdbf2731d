import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Bundles a contestant as infra/bundle.ts bundles the functions, so that it loads and weighs what they do. */
export function bundle(contestant: string, outdir: string): string {
  const outfile = join(outdir, `${contestant}.cjs`);
  buildSync({
    entryPoints: [join(import.meta.dirname, 'contestants', `${contestant}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    logLevel: 'error',
  });
  return outfile;
}
