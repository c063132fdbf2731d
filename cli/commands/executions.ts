import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { wholeNumber } from '../queries/arguments.ts';
import { type ExecutionStatus, executionStatuses } from '../queries/execution-store.ts';
import { itemsOf, pageOf } from '../queries/page.ts';
import { coloured } from '../views/terminal/inspection.ts';
import { clean, safeJson } from '../views/text/clean.ts';
import { columns, day, duration } from '../views/text/format.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

interface ExecutionsOptions extends TargetOptions {
  status?: ExecutionStatus;
  limit: number;
  json?: boolean;
}

export function executionsCommand(program: Command, run: Run) {
  withTargetOptions(program.command('executions'))
    .description('list executions, newest first')
    .addOption(
      new Option('--status <status>', 'only executions with this status')
        .choices(executionStatuses)
        .argParser(text => statusIn(text)),
    )
    .option('--limit <n>', 'how many', wholeNumber, 20)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ roletrail executions\n  $ roletrail executions --status FAILED --limit 100 --json',
    )
    .action((options: ExecutionsOptions) => run(context => executions(options, context)));
}

async function executions(options: ExecutionsOptions, { screen }: Context): Promise<number> {
  const { paint } = screen;
  const { status, limit } = options;
  const { items: found } = await onTarget(options, store =>
    pageOf(itemsOf(store.executions.list({ status })), limit),
  );
  if (options.json) screen.line(safeJson(found, 2));
  else if (found.length === 0) screen.line('no executions');
  else {
    const lines = columns(
      found.map(({ name, status, started, ended }) => [
        day(started),
        started && ended ? duration(Date.parse(ended) - Date.parse(started)) : '',
        status,
        clean(name),
      ]),
    );
    for (const [index, line] of lines.entries()) {
      const status = found[index]?.status ?? '';
      screen.line(line.replace(status, coloured(status, paint)));
    }
  }
  return exitCode.done;
}

function statusIn(text: string): string {
  const status = executionStatuses.find(each => each === text.toUpperCase());
  if (!status) throw new InvalidArgumentError(`Allowed choices are ${executionStatuses.join(', ')}.`);
  return status;
}
