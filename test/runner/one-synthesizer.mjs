import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const root = pathToFileURL(`${process.cwd()}/`);
const ofTheProduct = new URL('cli/deployment/synthesize-apart.ts', root).href;
const ofTheRun = new URL('test/synthesizer/synthesize-apart.ts', root).href;

/** From now on, what a test imports to synthesize a stack asks the one process that does so for the whole run. */
export function shareSynthesizer() {
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      return resolved.url === ofTheProduct ? { ...resolved, url: ofTheRun } : resolved;
    },
  });
}
