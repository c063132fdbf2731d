import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGB: number;
  load: number;
  node: string;
  python: string | null;
  /** whether contestants are held on one core */
  oneCore: boolean;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    load: loadavg()[0] ?? 0,
    node: process.version,
    python: firstLine('python3', '--version'),
    oneCore: firstLine('taskset', '--version') !== null,
  };
}

/** What a program says of its version; null where it is missing. */
export function firstLine(program: string, ...words: string[]): string | null {
  const { error, status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
  return error || status !== 0 ? null : (stdout.split('\n')[0] ?? '');
}

/** The words that run a command on one core, where taskset is there to do it. */
export function onOneCore(words: readonly string[]): string[] {
  return machine().oneCore ? ['taskset', '-c', '0', ...words] : [...words];
}
