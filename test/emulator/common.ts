import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../infra/config.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { type Asked, compareAnswers, localEnvironment, verifyEvidence } from './answers.ts';
import type { Ministack } from './ministack.ts';
import { NotOk, project, roletrail, step } from './step.ts';

/** The samples' configuration; alerts are compared too, and the samples are of 2025: the watch looks back as far. */
export function sampleConfig(change: Partial<RoletrailConfig> = {}): RoletrailConfig {
  return {
    ...readConfig(join(project, 'samples', 'roletrail.json')),
    graceMinutes: 0,
    lookbackDays: 36_500,
    ...change,
  };
}

/** The samples replayed on this machine; the folder of its state. Made once. */
export async function localReplay(folder: string): Promise<string> {
  const state = join(folder, 'local');
  if (existsSync(state)) return state;
  await step('the samples replayed on this machine', async () => {
    const { status, said } = await roletrail(['start', '--state', state], localEnvironment());
    if (status !== 0) throw new NotOk(`roletrail start ended in ${status}`, said);
  });
  return state;
}

/** Throws unless every answer of the deployed stack is that of the local replay, and its evidence stands. */
export async function mustBeEqual(emulator: Ministack, outputsFile: string, folder: string): Promise<void> {
  const state = await localReplay(folder);
  const asked = await step(
    'answers of the deployed stack held against the local replay',
    () => compareAnswers(emulator, outputsFile, state),
    ({ equal, different }) => `${equal} equal, ${different.length} different`,
  );
  if (asked.different.length > 0) throw new NotOk('the answers differ', told(asked));
  await step('an evidence bundle made from it, and verified', async () => {
    const { status, said } = await verifyEvidence(emulator, outputsFile, folder);
    if (status !== 0) throw new NotOk(`the bundle's check ended in ${status}`, said);
  });
}

export function told({ different }: Asked): string {
  return different
    .map(({ question, here, there }) => `roletrail ${question}\n  here:  ${here}\n  there: ${there}`)
    .join('\n');
}
