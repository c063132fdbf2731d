import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { auditedSessions } from '../generator/place.ts';
import { answer } from './answer.ts';

const run = promisify(execFile);
const program = `[.Records[] | select((.userIdentity.arn // "") | startswith("${auditedSessions}"))] | length`;

answer(async files => {
  const { stdout } = await run('sh', [
    '-c',
    'program=$1; shift; cat "$@" | gunzip | jq "$program"',
    'sh',
    program,
    ...files,
  ]);
  const calls = stdout
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line), 0);
  return async () => ({ calls });
});
