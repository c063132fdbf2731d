import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { App } from 'aws-cdk-lib';
import { BundleError } from './bundle.ts';
import { ConfigError, ownConfigFile, readConfig } from './config.ts';
import { nextSteps } from './next-steps.ts';
import { synthesize } from './synth.ts';

// Run by the CDK CLI (cdk.json), which says by these variables where to write and what -c was given.
try {
  const named: unknown = new App({ autoSynth: false }).node.tryGetContext('config');
  const configFile = named === undefined ? undefined : String(named);
  const config = readConfig(configFile);
  const assembly = process.env.CDK_OUTDIR ?? 'cdk.out';
  synthesize(config, assembly);
  const missing =
    configFile === undefined && !existsSync(ownConfigFile)
      ? [
          'roletrail.json does not exist, so this is infra/roletrail.example.json; npx roletrail init writes one',
        ]
      : [];
  const shown = relative(process.cwd(), assembly) || '.';
  const lines = [...missing, ...nextSteps({ config, configFile, assembly: shown })];
  process.stderr.write(`${lines.join('\n')}\n`);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof BundleError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
