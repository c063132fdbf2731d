import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../../../local/faults.ts';
import { evidenceOf } from '../../../steps/aws/evidence-item.ts';
import { type Item, Stack } from '../stack.ts';
import { hurried } from './hurried.ts';
import { sample, stride, Turns } from './plan.ts';

const full = process.env.ROLETRAIL_HOSTILE === 'full';
const seed = Number(process.env.ROLETRAIL_SEED ?? 20250311);
const faults: Fault[] = ['throttled', 'error', 'reset', 'timeout', 'lost', 'killed', 'partial'];

jest.setTimeout(full ? 3_600_000 : 120_000);

const folder = mkdtempSync(join(tmpdir(), 'roletrail-faults-'));
const turns = new Turns();
let stack: Stack;
let clean: string[];
let executions: Map<string, string>;
let kept: string[] = [];

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
  const [before, keptBefore] = [executions, kept];
  executions = await stack.executions();
  const failed = [...executions].filter(([name, status]) => !before.has(name) && status !== 'SUCCEEDED');
  kept = await stack.quarantined();
  return [
    ...lost,
    ...added,
    ...failed.map(([name, status]) => `${name} ${status}`),
    ...kept.filter(key => !keptBefore.includes(key)).map(key => `in quarantine: ${key}`),
  ];
}

describe('the stored answer is that of a run without faults', () => {
  test('the clean run has an answer', () => {
    expect(clean.length).toBeGreaterThan(200);
    expect(new Set(executions.values())).toEqual(new Set(['SUCCEEDED']));
  });

  const chosen = full ? Array.from({ length: stride }, (_, turn) => turn) : sample(1, 10, seed);
  let injected = 0;
  let survived = 0;
  test.each(faults)('%s', async fault => {
    let here = 0;
    for (const turn of chosen) {
      // Given
      await stack.empty();
      turns.begin(fault, turn);
      // When
      await stack.deliver();
      // Then
      const befell = [...turns.injected];
      here += befell.length;
      injected += befell.length;
      turns.begin();
      expect({ fault, turn, befell, damage: await damage() }).toEqual({ fault, turn, befell, damage: [] });
      survived += befell.length;
    }
    expect(here).toBeGreaterThan(0);
  });

  afterAll(() => {
    const told = `faults: ${injected} injected, ${survived} survived; seed ${seed}, turns ${chosen.join(' ')}`;
    process.stderr.write(`${told}\n`);
  });
});
