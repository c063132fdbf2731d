import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Ran {
  seconds: number;
  /** the most memory of all processes together, in bytes; null where there is no /proc */
  peakBytes: number | null;
  /** of the processor, over all processes; null where there is no /proc */
  cpuSeconds: number | null;
  status: number | null;
  said: string;
}

const lookEvery = 100;

/** Runs a command and watches what it and all it starts hold in memory together. */
export async function measured(
  [program = '', ...words]: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const began = performance.now();
  const child = spawn(program, words, { env: { ...process.env, ...environment } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      said = (said + text).slice(-4000);
    });
  }
  let peakBytes: number | null = null;
  const cpu = new Map<number, number>();
  const look = setInterval(() => {
    const family = child.pid === undefined ? null : familyOf(child.pid);
    if (!family) return;
    peakBytes = Math.max(peakBytes ?? 0, sumOf(family.map(proportionalBytes)));
    for (const pid of family) cpu.set(pid, Math.max(cpu.get(pid) ?? 0, cpuSeconds(pid)));
  }, lookEvery);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const seconds = (performance.now() - began) / 1000;
    return { seconds, peakBytes, cpuSeconds: cpu.size > 0 ? sumOf([...cpu.values()]) : null, status, said };
  } finally {
    clearInterval(look);
  }
}

function familyOf(root: number): number[] | null {
  const parents = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc'))
      if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(name));
  } catch {
    return null;
  }
  const belongs = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = parents.get(pid);
    return parent !== undefined && parent > 1 && belongs(parent);
  };
  return [...parents.keys()].filter(belongs);
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Proportional set size (proc(5), smaps_rollup): a page two processes share counts once. */
function proportionalBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** Ticks of user and system time (proc(5), stat: fields 14 and 15), a hundredth of a second each. */
function cpuSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const [user = '0', system = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

// A process may end between the look at the list and the look at it.
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
