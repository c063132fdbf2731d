import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { LogNames } from '../../steps/runtime/environment.ts';
import { CliError } from '../failure.ts';
import { compileCache } from '../project.ts';

/**
 * Writes the app of a configuration to the folder `assembly`, in a process of its own: the CDK and the bundler hold
 * half a gigabyte until their process ends. `logNames`: the names of files it takes. Throws CliError with the sentence the synthesis failed with.
 */
export async function synthesizeApart(
  config: RoletrailConfig,
  assembly: string,
  logNames: LogNames,
): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'synthesis.ts')], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // In a group of its own Ctrl-C does not reach it: whoever waits for it says that it was stopped.
    detached: true,
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  // The exit code reports a process that ends before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify({ config, assembly, logNames }));
  const [said, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) {
    throw new CliError(
      `the stack could not be synthesized: ${said.trim() || `it ended with ${signal ?? code}`}`,
    );
  }
}
