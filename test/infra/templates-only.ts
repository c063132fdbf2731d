import { readFileSync } from 'node:fs';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { synthesize } from '../../infra/synth.ts';

/** The process that `templatesOnly` starts: takes a list of `{config, assembly}` as JSON on standard input, and writes each app. */
const apps = JSON.parse(readFileSync(0, 'utf8')) as { config: RoletrailConfig; assembly: string }[];
for (const { config, assembly } of apps)
  synthesize(config, assembly, {
    checks: false,
    code: () => Code.fromInline('exports.handler = async () => {}'),
  });
