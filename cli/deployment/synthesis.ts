import { text } from 'node:stream/consumers';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { writeAssembly } from './write-assembly.ts';

/** The process that `synthesizeApart` starts: takes `{config, assembly}` as JSON on standard input, and writes the app. */
interface Asked {
  config: RoletrailConfig;
  assembly: string;
}

const { config, assembly } = JSON.parse(await text(process.stdin)) as Asked;
try {
  writeAssembly(config, assembly);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
