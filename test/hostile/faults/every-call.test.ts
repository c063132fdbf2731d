import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Fault, readPublished } from '@roletrail/local';
import { deadLetters } from '../../../cli/quarantine/dead-letters.ts';
import { Stack } from '../stack.ts';
import { hurried } from './hurried.ts';
import { type Injected, reach, sample, stride, Turns } from './plan.ts';
import { storedIn, toldIn } from './stored.ts';
import { Story } from './story.ts';

const size = process.env.ROLETRAIL_HOSTILE ?? 'small';
const [full, once] = [size === 'full', size === 'once'];
const seed = Number(process.env.ROLETRAIL_SEED ?? 20250311);
const faults: Fault[] = ['throttled', 'error', 'reset', 'timeout', 'lost', 'killed', 'partial'];

const folder = mkdtempSync(join(tmpdir(), 'roletrail-faults-'));
const turns = new Turns();
let stack: Stack;
let story: Story;
let clean: string[];
let cleanTold: string[];
/** the most requests of one invocation in the clean run, by function */
let longest: Map<string, number>;
let executions: Map<string, string>;
let kept: string[] = [];
let dead = 0;
const over: Promise<void>[] = [];
let published = 0;

beforeAll(async () => {
  stack = await Stack.start(folder, 'incident', {
    faults: turns.plan,
    prepare: assembly => hurried(assembly, 1, 4),
    // A sandbox for each invocation that can be under way: a turn then costs little but its own requests.
    warm: 24,
  });
  story = new Story(stack, folder);
  turns.begin();
  await story.tell();
  longest = new Map(turns.longest);
  clean = await storedIn(stack);
  cleanTold = [...told().keys()].sort();
  executions = await stack.executions();
  // What a try of Persist that ended holds is free when its time is over: here soon.
  turns.onFault = (fault, { caller, operation }) => {
    if (!caller.name.startsWith('StepsPersist')) return;
    const ends = fault === 'killed' || fault === 'timeout' || !operation.startsWith('Batch');
    if (ends) over.push(wait(100).then(() => stack.expireInProgress()));
  };
});

afterAll(async () => {
  await stack.cloud.close();
  rmSync(folder, { recursive: true });
});

/** What was told since the last time this was asked. */
function told(): Map<string, number> {
  const all = readPublished(folder);
  const counts = toldIn(all.slice(published));
  published = all.length;
  return counts;
}

/** What is not as after the clean run, in sentences. `befell`: whom what befell. */
async function damage(befell: readonly Injected[]): Promise<string[]> {
  const stored = await storedIn(stack);
  const lost = clean.filter(line => !stored.includes(line)).map(line => `lost: ${line.slice(0, 120)}`);
  const added = stored.filter(line => !clean.includes(line)).map(line => `added: ${line.slice(0, 120)}`);
  const [before, keptBefore, deadBefore] = [executions, kept, dead];
  executions = await stack.executions();
  const failed = [...executions].filter(([name, status]) => !before.has(name) && status !== 'SUCCEEDED');
  kept = await stack.quarantined();
  dead = await deadLetters(stack.cloud);
  return [
    ...lost,
    ...added,
    ...alerts(befell),
    ...failed.map(([name, status]) => `${name} ${status}`),
    ...kept.filter(key => !keptBefore.includes(key)).map(key => `in quarantine: ${key}`),
    ...(dead > deadBefore ? [`dead letters: ${dead - deadBefore}`] : []),
  ];
}

/** Each alert is told over both ways; twice only where something befell whoever tells it. */
function alerts(befell: readonly Injected[]): string[] {
  const counts = told();
  const tellers = befell.some(({ caller }) => /^(Watch|Integrity)/.test(caller));
  return [
    ...cleanTold.filter(id => !counts.has(id)).map(id => `not told: ${id}`),
    ...[...counts.keys()].filter(id => !cleanTold.includes(id)).map(id => `told beside: ${id}`),
    ...(tellers ? [] : [...counts].filter(([, times]) => times > 1).map(([id]) => `told twice: ${id}`)),
  ];
}

describe('the stored answer is that of a run without faults', () => {
  test('the clean run has an answer, and tells what is amiss', () => {
    expect(clean.length).toBeGreaterThan(200);
    expect(new Set(executions.values())).toEqual(new Set(['SUCCEEDED']));
    const told = ['integrity', 'unlinked', 'unlinked', 'unlinked explained'];
    expect(cleanTold.map(id => id.replace(/-[0-9a-f]+-?/, ' ').trim()).sort()).toEqual(
      ['events', 'sns'].flatMap(way => told.map(what => `${way} ${what}`)),
    );
    expect(Math.max(...longest.values())).toBeLessThanOrEqual(reach);
  });

  // full: every request by every kind; once: every request, by one kind each; else one turn of that.
  const everyTurn = Array.from({ length: stride }, (_, turn) => turn);
  const runs: { kinds: Fault[]; chosen: number[] }[] = full
    ? faults.map(kind => ({ kinds: [kind], chosen: everyTurn }))
    : [{ kinds: faults, chosen: once ? everyTurn : sample(1, 5, seed) }];
  const survived: Injected[] = [];
  let injected = 0;
  /** One turn, after which nothing may differ. Answers whom what befell. */
  const take = async (kinds: Fault[], turn: number): Promise<Injected[]> => {
    // Given
    await stack.empty();
    turns.begin(kinds, turn);
    // When
    await story.tell();
    await Promise.all(over.splice(0));
    // Then
    const befell = [...turns.injected];
    injected += befell.length;
    turns.begin();
    const requests = befell.map(({ fault, request }) => `${fault}: ${request}`);
    expect({ turn, requests, damage: await damage(befell) }).toEqual({ turn, requests, damage: [] });
    survived.push(...befell);
    return befell;
  };
  test.each(runs)('$kinds', async ({ kinds, chosen }) => {
    const here: Injected[] = [];
    for (const turn of chosen) {
      const befell = await take(kinds, turn);
      here.push(...befell);
      // No invocation makes so many requests.
      if (befell.length === 0) break;
    }
    expect(new Set(here.map(({ fault }) => fault))).toEqual(new Set(kinds));
    if (!full || kinds[0] === 'partial') return;
    // The second and third try find part of their work done, and end before the number that was theirs: a turn for each.
    const open = new Set(unreached(here).map(({ number }) => number));
    for (const number of open) here.push(...(await take(kinds, number)));
    const missed = unreached(here);
    const all = [...longest.values()].reduce((sum, count) => sum + count, 0);
    const told = missed.map(({ caller, number }) => `${caller} #${number}`).join(', ');
    process.stderr.write(`${kinds}: not reached of ${all} numbers: ${told || 'none'}\n`);
    // How many requests Correlate makes depends on which execution was first.
    expect(missed.length).toBeLessThanOrEqual(all * 0.03);
  });

  afterAll(() => {
    const all = survived.length === injected ? 'all' : String(survived.length);
    const turnsTold = runs[0]?.chosen.join(' ');
    process.stderr.write(`faults injected: ${injected}, ${all} survived; seed ${seed}, turns ${turnsTold}\n`);
  });
});

/** Requests of the clean run that no fault befell. */
function unreached(befell: readonly Injected[]): { caller: string; number: number }[] {
  const reached = new Set(befell.map(({ caller, number }) => `${caller} #${number}`));
  return [...longest].flatMap(([caller, count]) =>
    Array.from({ length: count }, (_, number) => ({ caller, number })).filter(
      ({ number }) => !reached.has(`${caller} #${number}`),
    ),
  );
}
