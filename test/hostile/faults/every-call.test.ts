import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadLetters } from '../../../cli/replay/dead-letters.ts';
import type { Fault } from '../../../local/faults.ts';
import { evidenceOf } from '../../../steps/aws/evidence-item.ts';
import { type Item, Stack } from '../stack.ts';
import { hurried } from './hurried.ts';
import { type Injected, sample, stride, Turns } from './plan.ts';

const size = process.env.ROLETRAIL_HOSTILE ?? 'small';
const [full, once] = [size === 'full', size === 'once'];
const seed = Number(process.env.ROLETRAIL_SEED ?? 20250311);
const faults: Fault[] = ['throttled', 'error', 'reset', 'timeout', 'lost', 'killed', 'partial'];

jest.setTimeout(full || once ? 3_600_000 : 120_000);

const folder = mkdtempSync(join(tmpdir(), 'roletrail-faults-'));
const turns = new Turns(full || once ? stride : 15);
let stack: Stack;
let clean: string[];
let executions: Map<string, string>;
let kept: string[] = [];
let dead = 0;

beforeAll(async () => {
  stack = await Stack.start(folder, 'incident', {
    faults: turns.plan,
    prepare: assembly => hurried(assembly, 1),
  });
  turns.begin();
  await stack.deliver();
  clean = await answer();
  executions = await stack.executions();
});

afterAll(async () => {
  await stack.cloud.close();
  rmSync(folder, { recursive: true });
});

/** All that is stored, but for which execution wrote it and when. */
async function answer(): Promise<string[]> {
  const [evidence = [], sessions = [], ledger = []] = await stack.items();
  const lines = [
    ...evidence.map(item => {
      const { record: _, ...others } = item as Item;
      // An event that came in a file and as a message is evidence from whichever was first.
      const {
        execution: __,
        source: ___,
        record: text,
        ...told
      } = evidenceOf(item as Parameters<typeof evidenceOf>[0]);
      const record: unknown = JSON.parse(text);
      return { ...others, told, record };
    }),
    ...sessions,
    ...ledger.map(({ at: _, execution: __, ...item }) => item),
  ];
  return lines.map(line => JSON.stringify(sorted(line))).sort();
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** What is not as after the clean run, in sentences. */
async function damage(): Promise<string[]> {
  const stored = await answer();
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
    ...failed.map(([name, status]) => `${name} ${status}`),
    ...kept.filter(key => !keptBefore.includes(key)).map(key => `in quarantine: ${key}`),
    ...(dead > deadBefore ? [`dead letters: ${dead - deadBefore}`] : []),
  ];
}

describe('the stored answer is that of a run without faults', () => {
  test('the clean run has an answer', () => {
    expect(clean.length).toBeGreaterThan(200);
    expect(new Set(executions.values())).toEqual(new Set(['SUCCEEDED']));
  });

  // full: every request by every kind; once: every request, by one kind each; else two runs of that.
  const everyTurn = Array.from({ length: stride }, (_, turn) => turn);
  const runs: { kinds: Fault[]; chosen: number[] }[] = full
    ? faults.map(kind => ({ kinds: [kind], chosen: everyTurn }))
    : [{ kinds: faults, chosen: once ? everyTurn : sample(2, 10, seed) }];
  const survived: Injected[] = [];
  let injected = 0;
  test.each(runs)('$kinds', async ({ kinds, chosen }) => {
    const here: Injected[] = [];
    for (const turn of chosen) {
      // Given
      await stack.empty();
      turns.begin(kinds, turn);
      // When
      await stack.deliver();
      // Then
      const befell = [...turns.injected];
      here.push(...befell);
      injected += befell.length;
      turns.begin();
      expect({ turn, befell, damage: await damage() }).toEqual({ turn, befell, damage: [] });
      survived.push(...befell);
    }
    expect(new Set(here.map(({ fault }) => fault))).toEqual(new Set(kinds));
  });

  afterAll(() => {
    const all = survived.length === injected ? 'all' : String(survived.length);
    const turnsTold = runs[0]?.chosen.join(' ');
    process.stderr.write(`faults injected: ${injected}, ${all} survived; seed ${seed}, turns ${turnsTold}\n`);
  });
});
