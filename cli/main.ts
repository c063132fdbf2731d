import { execute } from './execute.ts';
import { exitCode } from './failure.ts';

const interruption = new AbortController();
process.on('SIGINT', () => {
  // Asked twice, somebody does not want to wait for an orderly end.
  if (interruption.signal.aborted) process.exit(exitCode.interrupted);
  process.stderr.write('\nstopping… (Ctrl-C again leaves at once)\n');
  interruption.abort();
});
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', error => process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1));

process.exitCode = await execute(process.argv.slice(2), process.stdout, process.stderr, interruption.signal);
