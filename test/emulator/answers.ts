import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Ministack } from './ministack.ts';
import { type Ran, roletrail } from './step.ts';

/** Questions about the samples, to a deployment and to a local replay. */
const allQuestions = [
  'sessions --json',
  'sessions --unlinked --json',
  'sessions --alerted --json',
  'refused --json',
  'quarantine list',
  'who ASIAEXAMPLEDBMAINT01',
  'who ASIAEXAMPLENOISSUER1',
  'who ASIAEXAMPLETICKET230',
  'who ASIAJJQOJ64OAM7C65AA',
  'who arn:aws:iam::111111111111:user/mreyes',
  'who 119c3c80-3dc9-46f3-8e87-348b9ee700a2',
  'who a453c43d-f80a-43ba-8b1b-f056e8027d4b',
];

/** Which execution wrote a record, and which of two copies of it came first, is not the same from run to run. */
const ofTheRun: readonly [RegExp, string][] = [
  [/^( *(?:execution|source|integrity) +).*/gm, '$1'],
  [/alerted [0-9: -]+/g, 'alerted '],
];

export interface Asked {
  equal: number;
  /** a question, and the first lines in which the answers differ */
  different: { question: string; here: string; there: string }[];
}

/** What the local replay answers: the same in every run, and so asked once. */
const answeredHere = new Map<string, string[]>();

async function here(question: string, state: string): Promise<string[]> {
  const known = answeredHere.get(question);
  if (known) return known;
  const answer = shown(await roletrail([...question.split(' '), '--state', state], localEnvironment()));
  answeredHere.set(question, answer);
  return answer;
}

/** Asks the deployed stack by its outputs, and the local replay in the folder `state`. */
export async function compareAnswers(
  emulator: Ministack,
  outputsFile: string,
  state: string,
  questions: readonly string[] = allQuestions,
): Promise<Asked> {
  const asked: Asked = { equal: 0, different: [] };
  for (const question of questions) {
    const words = [...question.split(' '), '--target', 'aws', '--outputs', outputsFile];
    const there = shown(await roletrail(words, emulator.environment()));
    const expected = await here(question, state);
    if (expected.join('\n') === there.join('\n')) asked.equal += 1;
    else {
      const at = expected.findIndex((line, index) => line !== there[index]);
      const first = at < 0 ? expected.length : at;
      const none = '(no more)';
      asked.different.push({ question, here: expected[first] ?? none, there: there[first] ?? none });
    }
  }
  return asked;
}

/** An evidence bundle made from the deployed stack, and checked as a third party would. Answers what was said, status first. */
export async function verifyEvidence(emulator: Ministack, outputsFile: string, folder: string): Promise<Ran> {
  // A bundle is never overwritten, and every story makes one.
  const zip = join(mkdtempSync(join(folder, 'bundle-')), 'case.zip');
  const where = ['--target', 'aws', '--outputs', outputsFile];
  const made = await roletrail(
    ['evidence', 'ASIAEXAMPLEDBMAINT01', ...where, '--out', zip],
    emulator.environment(),
  );
  if (made.status !== 0) return made;
  return roletrail(['evidence', 'verify', zip], localEnvironment());
}

/** The environment of a command that knows of no cloud. */
export function localEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR, XDG_STATE_HOME } = process.env;
  return { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...(XDG_STATE_HOME && { XDG_STATE_HOME }) };
}

function shown({ status, said }: Ran): string[] {
  const text = ofTheRun.reduce((rest, [pattern, by]) => rest.replace(pattern, by), said);
  return [`status ${status}`, ...text.split('\n')];
}
