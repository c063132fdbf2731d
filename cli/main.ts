import { CommanderError } from 'commander';
import { CliError, exitCode, sentence } from './failure.ts';
import { buildProgram } from './program.ts';
import { clean } from './text/clean.ts';
import { Screen } from './text/screen.ts';

const interruption = new AbortController();
process.on('SIGINT', () => {
  // Asked twice, somebody does not want to wait for an orderly end.
  if (interruption.signal.aborted) process.exit(exitCode.interrupted);
  process.stderr.write('\nstopping… (Ctrl-C again leaves at once)\n');
  interruption.abort();
});
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', error => process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1));

const program = buildProgram(
  async work => {
    const screen = new Screen(process.stdout, process.stderr, program.opts().color !== false);
    process.exitCode = await work({ screen, signal: interruption.signal });
  },
  // A usage error is one sentence: commander's, without the line breaks of its suggestion.
  text => process.stderr.write(`roletrail: ${clean(text.trim().replaceAll('\n', ' '))}\n`),
);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitStatus(error);
}

function exitStatus(error: unknown): number {
  // Help and version end with 0, and have been printed.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
  const { debug } = program.opts<{ debug?: boolean }>();
  const text = sentence(error).split('\n').map(clean).join('\n');
  process.stderr.write(`roletrail: ${text}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return error instanceof CliError ? error.exitCode : exitCode.failed;
}
