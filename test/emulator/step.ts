import { type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';

export const project = join(import.meta.dirname, '..', '..');

/** What ends the test: one sentence, and what a program said last. */
export class NotOk extends Error {
  override name = 'NotOk';
  constructor(sentence: string, said = '') {
    super(said ? `${sentence}\n${said.trim().split('\n').slice(-25).join('\n')}` : sentence);
  }
}

/** Runs a part of the test and prints how long it took, and what it answers. */
export async function step<T>(
  name: string,
  work: () => Promise<T>,
  tell: (answer: T) => string = () => '',
): Promise<T> {
  const began = performance.now();
  const answer = await work();
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
  const told = tell(answer);
  process.stdout.write(`${seconds} s  ${name}${told ? `: ${told}` : ''}\n`);
  return answer;
}

export interface Ran {
  status: number;
  /** standard output and standard error, as they came */
  said: string;
}

/** Runs a program with nothing but the environment that is given. Its exit status is an answer, no error. */
export async function run(
  program: string,
  words: readonly string[],
  env: Record<string, string>,
  options: SpawnOptions = {},
): Promise<Ran> {
  const child = spawn(program, words, { cwd: project, ...options, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', text => (said += text));
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve(code ?? 1));
  });
  return { status, said };
}

/** A command of roletrail, as its user runs it. */
export function roletrail(words: readonly string[], env: Record<string, string>): Promise<Ran> {
  return run(process.execPath, [join(project, 'cli', 'main.ts'), ...words], env);
}
