import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import type { Figure } from './goals.ts';

/** The most memory each step holds over the files, a process for each, with the SDK loaded. */
export async function memoryOfSteps(
  files: readonly string[],
  scratch: string,
  label: string,
): Promise<Figure[]> {
  const folder = mkdtempSync(join(scratch, 'memory-'));
  const step = await bundle('step', scratch);
  writeFileSync(join(folder, 'Fetch.json'), JSON.stringify(files));
  const steps = ['Fetch', 'Decompress', 'Filter', 'Normalize'];
  return steps.slice(1).map((name, index) => {
    const [from, to] = [steps[index], name].map(each => join(folder, `${each}.json`));
    const bytes = execFileSync(process.execPath, [step, name, from ?? '', to ?? ''], { encoding: 'utf8' });
    return {
      name: `${label}: peak memory of ${name}`,
      value: Number(bytes) / 1e6,
      unit: 'MB',
      goal: { atMost: 130 },
    };
  });
}
