import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const contestants = join(import.meta.dirname, 'contestants');

/**
 * Bundles a contestant as infra/bundle.ts bundles the functions, so that it loads and weighs what they do. `plain`: with plain
 * JavaScript in place of json.as.
 */
export async function bundle(contestant: string, outdir: string, plain = false): Promise<string> {
  const outfile = join(outdir, `${contestant}${plain ? '-plain' : ''}.cjs`);
  await build({
    entryPoints: [join(contestants, `${contestant}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    logLevel: 'error',
    plugins: plain ? [withoutNative] : [],
  });
  return outfile;
}

const withoutNative: Plugin = {
  name: 'plain JavaScript',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/json\/native\.ts$/ }, () => ({ path: join(contestants, 'plain-native.ts') }));
  },
};
