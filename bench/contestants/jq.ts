import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { countCalls } from '../jq-calls.ts';
import { answer } from './answer.ts';

const run = promisify(execFile);
// `times` tells what the shell's children took (POSIX, special built-in utilities): its second line.
const script = 'program=$1; shift; cat "$@" | gunzip | jq "$program"; times';

answer(async files => {
  const { stdout } = await run('sh', ['-c', script, 'sh', countCalls, ...files]);
  const lines = stdout.trim().split('\n');
  const seconds = secondsOf(lines.at(-1) ?? '');
  const calls = lines.slice(0, -2).reduce((sum, line) => sum + Number(line), 0);
  return async () => ({ seconds, calls });
});

/** `0m1.234s 0m0.056s` */
function secondsOf(times: string): number {
  const parts = [...times.matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2) throw new Error(`the shell tells no times: ${times}`);
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
