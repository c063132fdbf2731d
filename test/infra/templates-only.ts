import { readFileSync } from 'node:fs';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { synthesize } from '../../infra/synth.ts';

/** The process that `templatesOf` starts: takes `{config, assembly}` as JSON on standard input, and writes the app. */
const { config, assembly } = JSON.parse(readFileSync(0, 'utf8')) as {
  config: RoletrailConfig;
  assembly: string;
};
synthesize(config, assembly, {
  checks: false,
  code: () => Code.fromInline('exports.handler = async () => {}'),
});
