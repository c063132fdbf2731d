import { enableCompileCache } from 'node:module';
import { exitCode } from './failure.ts';
import { compileCache } from './project.ts';

const interruption = new AbortController();
process.on('SIGINT', () => {
  // Asked twice, somebody does not want to wait for an orderly end.
  if (interruption.signal.aborted) process.exit(exitCode.interrupted);
  process.stderr.write('\nstopping… (Ctrl-C again leaves at once)\n');
  interruption.abort();
});
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', error => process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1));
// What the embedded cloud writes beside all requests meets a full disk where nobody waits for it.
process.on('uncaughtException', error => {
  const { code = '' } = error as NodeJS.ErrnoException;
  const full = ['ENOSPC', 'EDQUOT'].includes(code);
  const text = full
    ? 'roletrail: the disk that holds the state folder is full: free some space, or name another with --state'
    : error.stack;
  process.stderr.write(`\n${text}\n`);
  process.exit(exitCode.failed);
});

enableCompileCache(compileCache);
// Not imported above: what is compiled before the cache is there is compiled at each start.
const { execute } = await import('./execute.ts');
process.exitCode = await execute(process.argv.slice(2), process.stdout, process.stderr, interruption.signal);
