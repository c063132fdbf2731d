import { text } from 'node:stream/consumers';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { LogNames } from '../../steps/runtime/environment.ts';
import { writeAssembly } from './write-assembly.ts';

/** The process that `synthesizeApart` starts: takes `{config, assembly, logNames}` as JSON on standard input, and writes the app. */
interface Asked {
  config: RoletrailConfig;
  assembly: string;
  logNames: LogNames;
}

const { config, assembly, logNames } = JSON.parse(await text(process.stdin)) as Asked;
try {
  writeAssembly(config, assembly, logNames);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
