import { CliError } from '../../cli/failure.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { LogNames } from '../../steps/runtime/environment.ts';
import { ask } from './ask.ts';

/**
 * In tests, what `cli/deployment/synthesize-apart.ts` does with a process for each assembly (jest.config.mjs puts it in that
 * one's place). Commands that tests start as processes have their own.
 */
export async function synthesizeApart(
  config: RoletrailConfig,
  assembly: string,
  logNames: LogNames,
): Promise<void> {
  await ask({ kind: 'whole', config, assembly, logNames }).catch(error => {
    throw new CliError(`the stack could not be synthesized: ${error.message}`);
  });
}
