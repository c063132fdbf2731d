import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { executionMeant } from '../queries/executions.ts';
import { inspectionOf } from '../queries/inspection.ts';
import { inspectionLines } from '../views/terminal/inspection.ts';
import { shownJson } from '../views/text/masked.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

interface InspectOptions extends TargetOptions {
  json?: boolean;
  full?: boolean;
}

export function inspectCommand(program: Command, run: Run) {
  withTargetOptions(program.command('inspect'))
    .description("an execution's states: attempts, durations, counts, inputs and outputs")
    .argument('<execution>', 'name, ARN, or a unique beginning of the name')
    .option('--full', 'whole inputs and outputs')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ roletrail inspect logs-999999999999-us-east-1-20160405T2045Z\n  $ roletrail inspect NAME --json',
    )
    .action((execution: string, options: InspectOptions) =>
      run(context => inspect(execution, options, context)),
    );
}

async function inspect(execution: string, options: InspectOptions, { screen }: Context): Promise<number> {
  const inspection = await onTarget(options, async store => {
    const found = await executionMeant(execution, store);
    return inspectionOf(found, await Array.fromAsync(store.executions.history(found.arn)));
  });
  if (options.json) screen.line(shownJson(inspection, 2));
  else for (const line of inspectionLines(inspection, screen.paint, Boolean(options.full))) screen.line(line);
  return exitCode.done;
}
