import { CommanderError } from 'commander';
import { CliError, exitCode, sentence } from './failure.ts';
import { buildProgram } from './program.ts';
import { clean } from './views/text/clean.ts';
import { Screen } from './views/text/screen.ts';

type Stream = ConstructorParameters<typeof Screen>[0];

/** Runs one command line, without node and script in front of it. Resolves to the exit status; never rejects. */
export async function execute(
  words: readonly string[],
  out: Stream,
  err: Stream,
  signal: AbortSignal,
): Promise<number> {
  let status: number = exitCode.done;
  const program = await buildProgram(
    async work => {
      status = await work({ screen: new Screen(out, err, program.opts().color !== false), signal });
    },
    // A usage error is one sentence: commander's, without the line breaks of its suggestion.
    text => err.write(`roletrail: ${clean(text.trim().replaceAll('\n', ' '))}\n`),
    words,
  );
  try {
    await program.parseAsync([...words], { from: 'user' });
    return status;
  } catch (error) {
    // Help and version end with 0, and have been printed.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    const text = sentence(error).split('\n').map(clean).join('\n');
    err.write(`roletrail: ${text}\n`);
    if (program.opts<{ debug?: boolean }>().debug && error instanceof Error) err.write(`${error.stack}\n`);
    return error instanceof CliError ? error.exitCode : exitCode.failed;
  }
}
