import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { CliError, exitCode } from '../failure.ts';
import { noNames, type People } from '../people/people.ts';
import { portNumber } from '../queries/arguments.ts';
import type { AskedStore } from '../queries/store.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { isDeployment, onStore, type TargetOptions, withStoreOptions } from './target.ts';

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
  withAskedNames(withStoreOptions(program.command('console')))
    .description('look at executions and answers in a browser')
    .option('--port <n>', '0: any free port', portNumber, 0)
    .addHelpText('after', help)
    .action((options: ConsoleOptions) => run(context => openConsole(options, context)));
}

async function openConsole(options: ConsoleOptions, context: Context): Promise<number> {
  const people = await peopleOf(options, context.screen);
  return onStore(options, store =>
    beside({ port: options.port, people }, store, context, async () => {
      const { host } = store;
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
  store: AskedStore,
  { screen, signal }: Context,
  work: () => Promise<number>,
): Promise<number> {
  if (!console) return work();
  // Loaded when it is used: the other commands need no server.
  const { serveConsole } = await import('../views/console/server.ts');
  let working = true;
  const busy = () => working || Boolean(store.busy?.());
  const running = await serveConsole(
    {
      store,
      audited: store.audited(),
      sendAgain: key => sendAgain(key, store),
      busy,
      traced: !isDeployment(store),
      lack: store.lack,
      host: store.host,
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

/** What came out of quarantine, sent again to what refused it. Throws CliError where that is a trace. */
async function sendAgain(key: string, store: AskedStore) {
  if (!isDeployment(store)) throw new CliError('a trace has nothing to send again to: trace the files again');
  const { sendObjectAgain } = await import('../quarantine/send-again.ts');
  return sendObjectAgain(key, store);
}
