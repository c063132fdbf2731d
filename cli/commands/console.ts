import type { Command } from 'commander';
import { exitCode } from '../failure.ts';
import { portNumber } from './cloud.ts';
import type { Context, Run } from './context.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

interface ConsoleOptions extends TargetOptions {
  port: number;
}

const help = `
The page is for this machine only (127.0.0.1) and for who has the address: it holds a token that is made anew each time.
Runs until Ctrl-C.

Examples:
  $ roletrail console                                       what was replayed last
  $ roletrail console --target aws --outputs outputs.json   what was deployed, with your AWS profile

To watch a replay as it runs, keep the cloud running (roletrail cloud), set what it prints in two shells, and there
  $ roletrail console --target aws --outputs .roletrail/outputs.json
  $ roletrail replay logs/ --target aws --outputs .roletrail/outputs.json`;

export function consoleCommand(program: Command, run: Run) {
  withTargetOptions(program.command('console'))
    .description('look at executions and answers in a browser')
    .option('--port <n>', '0: any that is free', portNumber, 0)
    .addHelpText('after', help)
    .action((options: ConsoleOptions) => run(context => openConsole(options, context)));
}

/** Serves the console until Ctrl-C. */
export async function openConsole(options: ConsoleOptions, { screen, signal }: Context): Promise<number> {
  // Loaded when it is used: the other commands need no server.
  const { serveConsole } = await import('../console/server.ts');
  await onTarget(options, async deployment => {
    const running = await serveConsole(deployment, options.port);
    screen.line(`open ${running.address}`);
    screen.error('for this machine only; Ctrl-C ends it');
    try {
      if (!signal.aborted)
        await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
    } finally {
      await running.close();
    }
  });
  return exitCode.done;
}
