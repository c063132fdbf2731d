import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

// Jest loads the module for the start and for the end of a run each by itself.
const running = Symbol.for('the synthesizer of this run');

/** Starts the process that synthesizes for the tests of this run. It ends with the run, even if that is killed. */
export default async function startSynthesizer() {
  // The CDK's heap grows with each synthesis, and V8 would mark all of it again and again in threads beside.
  const program = ['--no-concurrent-marking', join(import.meta.dirname, 'process.ts')];
  const words = [...program, process.env.ROLETRAIL_SYNTHESIZER];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  // Warnings of a synthesis are for who deploys. They are shown when the process fails.
  let said = '';
  child.stderr.on('data', text => {
    said = (said + text).slice(-10_000);
  });
  child.once('close', code => code && process.stderr.write(said));
  const ended = once(child, 'exit');
  globalThis[running] = { child, ended };
  const early = ended.then(() => {
    throw new Error('the process that synthesizes for tests ended before it listened');
  });
  early.catch(() => {});
  await Promise.race([once(child.stdout, 'data'), early]);
}

/** Resolves when the process is gone. */
export async function stopSynthesizer() {
  const { child, ended } = globalThis[running] ?? {};
  child?.stdin.end();
  await ended;
}
