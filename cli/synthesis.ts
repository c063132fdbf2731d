import { text } from 'node:stream/consumers';
import type { RoletrailConfig } from '../infra/roletrail-config.ts';
import { synthesize } from '../infra/synth.ts';

/** The process that `synthesizeApart` starts: takes `{config, assembly}` as JSON on standard input, and writes the app. */
interface Asked {
  config: RoletrailConfig;
  assembly: string;
}

const { config, assembly } = JSON.parse(await text(process.stdin)) as Asked;
try {
  synthesize(config, assembly, { checks: false });
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
