import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { Contestant, median } from './contestant.ts';
import type { Answer } from './contestants/answer.ts';
import { auditedSessions } from './generator/accounts.ts';
import type { Generation } from './generator.ts';
import type { Figure } from './goals.ts';
import { firstLine, onOneCore } from './machine.ts';

const here = import.meta.dirname;

export interface Contest {
  contestants: Contestant[];
  /** who is missing, and what to install */
  absent: string[];
}

/** Everybody who is here to answer "which calls were made under the role?"; `scratch` takes the bundles. */
export async function contest(scratch: string, duckdb: string | null): Promise<Contest> {
  const node = (file: string, ...words: string[]) => onOneCore([process.execPath, file, ...words]);
  const script = (name: string) => join(here, 'contestants', `${name}.ts`);
  const contestants = [
    new Contestant('gunzip alone', node(script('gunzip'))),
    new Contestant('roletrail', node(await bundle('roletrail', scratch))),
    new Contestant('plain JavaScript', node(await bundle('roletrail', scratch, true))),
  ];
  const absent: string[] = [];
  if (firstLine('python3', '--version')) {
    const python = (mode: string) => onOneCore(['python3', join(here, 'article.py'), auditedSessions, mode]);
    contestants.push(new Contestant('article', python('lean')));
    contestants.push(new Contestant('article, verbatim', python('verbatim')));
  } else absent.push('the article: no python3 here');
  if (duckdb) contestants.push(new Contestant('DuckDB', node(script('duckdb'), duckdb)));
  else {
    absent.push(
      'DuckDB: npm install @duckdb/node-api in any folder, then --duckdb FOLDER/node_modules/@duckdb/node-api',
    );
    if (firstLine('jq', '--version')) contestants.push(new Contestant('jq', node(script('jq'))));
    else absent.push('jq: not installed');
  }
  return { contestants, absent };
}

export interface Timing {
  name: string;
  seconds: number;
  recordsPerSecond: number;
  megabytesPerSecond: number;
}

/** Turns that do not count: until then each compiler and cache has its own pace; with few records a turn that takes a few. */
const warmUps = 6;

/** Every contestant over the files, in turns; the first ones warm up. Throws when one counts other calls. */
export async function race(
  { contestants }: Contest,
  generation: Generation,
  rounds: number,
): Promise<Timing[]> {
  const seconds = new Map<string, number[]>();
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const contestant of contestants) {
      const answer = await contestant.run(generation.files);
      check(contestant.name, answer, generation);
      if (round >= 0) seconds.set(contestant.name, [...(seconds.get(contestant.name) ?? []), answer.seconds]);
    }
  }
  return contestants.map(({ name }) => {
    const time = median(seconds.get(name) ?? []);
    return {
      name,
      seconds: time,
      recordsPerSecond: generation.records / time,
      megabytesPerSecond: generation.bytes / 1e6 / time,
    };
  });
}

function check(name: string, answer: Answer, { records, calls, issuances, denied }: Generation): void {
  const expected = { calls, records, kept: calls + issuances + denied, rejected: 0 };
  for (const [figure, right] of Object.entries(expected)) {
    const counted = answer[figure];
    if (counted !== undefined && counted !== null && counted !== right) {
      throw new Error(`${name} counts ${counted} ${figure}, the files hold ${right}`);
    }
  }
}

/** Goals of the compute path by share of kept records. */
const goals: Record<string, { article: number; gunzip: number }> = {
  '1': { article: 10, gunzip: 0.6 },
  '10': { article: 8, gunzip: 0.45 },
  '100': { article: 6, gunzip: 0.12 },
};

/** Ours against each of the others; a goal where there is one for this share (percent). */
export function ratios(timings: readonly Timing[], kept: string, label: string): Figure[] {
  const ours = timings.find(timing => timing.name === 'roletrail');
  if (!ours) throw new Error('roletrail itself did not run');
  const limit = timings.find(timing => timing.name === 'gunzip alone');
  return timings
    .filter(timing => timing !== ours)
    .map(timing => {
      const key = ({ article: 'article', 'gunzip alone': 'gunzip' } as const)[timing.name];
      const goal = key && goals[kept]?.[key];
      return {
        name: `${label}: roletrail / ${timing.name}`,
        value: timing.seconds / ours.seconds,
        unit: 'x',
        ...(goal ? { goal: { atLeast: goal } } : {}),
        ...(goal && limit ? { limit: timing.seconds / limit.seconds } : {}),
      };
    });
}
