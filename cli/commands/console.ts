import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { deployedList } from '../deployment/outputs.ts';
import { exitCode } from '../failure.ts';
import { noNames, type People } from '../people/people.ts';
import { sendObjectAgain } from '../quarantine/send-again.ts';
import { portNumber } from './cloud.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

interface ConsoleOptions extends TargetOptions, NamesOptions {
  port: number;
}

const help = `
The console listens on this machine only (127.0.0.1). Its address contains a token that is new at each start; anyone on this
machine who has the address can open it. Runs until Ctrl-C.

Examples:
  $ roletrail console                                       the last replay
  $ roletrail console --target aws --outputs outputs.json   the deployed stack, with your AWS profile

To watch a replay as it runs
  $ roletrail replay logs/ --console                        in one terminal
  $ roletrail console                                       or in another, while it runs`;

export function consoleCommand(program: Command, run: Run) {
  withAskedNames(withTargetOptions(program.command('console')))
    .description('look at executions and answers in a browser')
    .option('--port <n>', '0: any free port', portNumber, 0)
    .addHelpText('after', help)
    .action((options: ConsoleOptions) => run(context => openConsole(options, context)));
}

async function openConsole(options: ConsoleOptions, context: Context): Promise<number> {
  const people = await peopleOf(options, context.screen);
  return onTarget(options, deployment =>
    beside({ port: options.port, people }, deployment, context, async () => {
      const { host } = deployment;
      if (host) context.screen.error(`it shows the cloud of process ${host}, and ends with it`);
      return exitCode.done;
    }),
  );
}

/**
 * Serves the console over a deployment while `work` is done, and then until Ctrl-C. Without `console` it only does the work.
 * While the work lasts, pages take it that something may happen.
 */
export async function beside(
  {
    port,
    console = true,
    people = noNames,
  }: { port: number; console?: boolean | undefined; people?: People },
  deployment: Deployment,
  { screen, signal }: Context,
  work: () => Promise<number>,
): Promise<number> {
  if (!console) return work();
  // Loaded when it is used: the other commands need no server.
  const { serveConsole } = await import('../views/console/server.ts');
  let working = true;
  const busy = () => working || Boolean(deployment.busy?.());
  const sendAgain = (key: string) => sendObjectAgain(key, deployment);
  const running = await serveConsole(
    {
      store: deployment,
      audited: deployedList(deployment.outputs, 'AuditedRoles'),
      sendAgain,
      busy,
      host: deployment.host,
    },
    port,
    people,
  );
  try {
    screen.line(`open ${running.address}`);
    screen.error('listens on this machine only; press Ctrl-C to stop');
    const status = await work();
    working = false;
    if (!signal.aborted)
      await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
    return status;
  } finally {
    await running.close();
  }
}
