import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { project, roletrail, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();

test('Ctrl-C ends a replay in order with 130, and the state can be used again', async () => {
  // Given
  const state = join(folder, 'state');
  const words = ['replay', join(project, 'samples', 'incident', 'input'), '--state', state];
  const child = spawn(process.execPath, [join(project, 'bin', 'roletrail.mjs'), ...words], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  const ended = new Promise(resolve => child.on('close', resolve));
  // When
  child.stderr.setEncoding('utf8').on('data', text => {
    if (err === '') child.kill('SIGINT');
    err += text;
  });
  // Then
  expect(await ended).toBe(130);
  expect(err).toContain(`roletrail: stopped; what was processed so far is kept in ${state}\n`);
  expect(await roletrail(words)).toMatchObject({ status: 0 });
});
