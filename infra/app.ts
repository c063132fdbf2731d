import { App } from 'aws-cdk-lib';
import { BundleError } from './bundle.ts';
import { ConfigError, readConfig } from './config.ts';
import { synthesize } from './synth.ts';

// Run by the CDK CLI (cdk.json), which says by these variables where to write and what -c was given.
try {
  const config: unknown = new App({ autoSynth: false }).node.tryGetContext('config');
  synthesize(
    readConfig(config === undefined ? undefined : String(config)),
    process.env.CDK_OUTDIR ?? 'cdk.out',
  );
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof BundleError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
