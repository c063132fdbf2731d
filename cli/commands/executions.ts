import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { executionsOf } from '../queries/executions.ts';
import { coloured } from '../views/terminal/inspection.ts';
import { clean, safeJson } from '../views/text/clean.ts';
import { columns, day, duration } from '../views/text/format.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

interface ExecutionsOptions extends TargetOptions {
  status?: (typeof statuses)[number];
  limit: number;
  json?: boolean;
}

export function executionsCommand(program: Command, run: Run) {
  withTargetOptions(program.command('executions'))
    .description('list executions, newest first')
    .addOption(
      new Option('--status <status>', 'only those').choices(statuses).argParser(text => statusIn(text)),
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
  const found = await onTarget(options, async ({ sfn, outputs }) => {
    const list = [];
    for await (const item of executionsOf(sfn, outputs.StateMachineArn, options.status)) {
      list.push(item);
      if (list.length === options.limit) break;
    }
    return list.map(({ name = '', status = '', startDate, stopDate, executionArn = '' }) => ({
      name,
      status,
      started: startDate?.toISOString() ?? null,
      ended: stopDate?.toISOString() ?? null,
      arn: executionArn,
    }));
  });
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
  const status = statuses.find(each => each === text.toUpperCase());
  if (!status) throw new InvalidArgumentError(`Allowed choices are ${statuses.join(', ')}.`);
  return status;
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('It takes a whole number from 1.');
  return number;
}
