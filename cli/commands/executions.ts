import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { type Execution, type ExecutionStatus, executionStatuses } from '../queries/execution-store.ts';
import { itemsOf } from '../queries/page.ts';
import type { Store } from '../queries/store.ts';
import { coloured } from '../views/terminal/inspection.ts';
import { clean } from '../views/text/clean.ts';
import { columns, day, duration } from '../views/text/format.ts';
import type { Listed } from '../views/text/listed.ts';
import type { Paint } from '../views/text/paint.ts';
import { inOrder, type ListingOptions, list, newestFirst, withListing } from './listing.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

interface ExecutionsOptions extends TargetOptions, ListingOptions {
  status?: ExecutionStatus;
}

const usual = 20;

export function executionsCommand(program: Command, run: Run) {
  const command = withTargetOptions(program.command('executions'))
    .description('list executions, newest first')
    .addOption(
      new Option('--status <status>', 'only executions with this status')
        .choices(executionStatuses)
        .argParser(text => statusIn(text)),
    );
  withListing(command, { times: 'started', sorts: newestFirst, limit: usual })
    .addHelpText(
      'after',
      '\nExamples:\n  $ roletrail executions\n  $ roletrail executions --status FAILED --limit 100 --json',
    )
    .action((options: ExecutionsOptions) => run(context => executions(options, context)));
}

async function executions(options: ExecutionsOptions, { screen }: Context): Promise<number> {
  await onTarget(options, store =>
    list(screen, inOrder(startedWithin(store, options), options), executionList(screen.paint), options, {
      usual,
    }),
  );
  return exitCode.done;
}

async function* startedWithin(
  store: Store,
  { status, since = '', until = '~' }: ExecutionsOptions,
): AsyncGenerator<Execution> {
  for await (const execution of itemsOf(store.executions.list({ status }))) {
    const started = execution.started ?? '';
    if (started < since) return;
    if (started < until) yield execution;
  }
}

function executionList(paint: Paint): Listed<Execution> {
  const took = ({ started, ended }: Execution) =>
    started && ended ? Date.parse(ended) - Date.parse(started) : null;
  return {
    noun: ['execution', 'executions'],
    columns: {
      started: ({ started }) => started,
      ended: ({ ended }) => ended,
      milliseconds: took,
      status: ({ status }) => status,
      name: ({ name }) => name,
      arn: ({ arn }) => arn,
    },
    lines: found => {
      const lines = columns(
        found.map(each => [
          day(each.started),
          took(each) === null ? '' : duration(took(each) ?? 0),
          each.status,
          clean(each.name),
        ]),
      );
      return lines.map((line, index) => {
        const status = found[index]?.status ?? '';
        return line.replace(status, coloured(status, paint));
      });
    },
  };
}

function statusIn(text: string): string {
  const status = executionStatuses.find(each => each === text.toUpperCase());
  if (!status) throw new InvalidArgumentError(`Allowed choices are ${executionStatuses.join(', ')}.`);
  return status;
}
