import { deadLetters } from '../../../cli/quarantine/dead-letters.ts';
import { replayedKey } from '../../../core/records/log-key.ts';
import { cases, type RunCase } from './cases.ts';
import { logKey, neighbours, storedOf } from './neighbours.ts';
import { fileBytes, filled, messageText, recordId } from './recipe.ts';
import { HostileStack } from './stack.ts';

/** Memory of the largest function, Decompress, in bytes; here the whole cloud must grow by less. */
const bound = 2048 * 1024 * 1024;

type Told = { error: string; message: string };

let stack: HostileStack;
let clean: Awaited<ReturnType<typeof storedOf>>;
let poisoned: typeof clean;
let inEvidence: Set<string>;
let unsuccessful: string[];
let failures: unknown[];
let growth = 0;
const told = new Map<string, Told[]>();

beforeAll(async () => {
  const before = await HostileStack.start();
  for (const { key, bytes } of neighbours) await before.store(key, bytes);
  await before.cloud.idle();
  clean = await storedOf(before);
  await before.close();

  stack = await HostileStack.start();
  const base = process.memoryUsage.rss();
  const sample = setInterval(() => {
    growth = Math.max(growth, process.memoryUsage.rss() - base);
  }, 100);
  const messages = new Map<string, string>();
  for (const [index, each] of cases.entries()) {
    if (index % 40 === 0) {
      const { key, bytes } = neighbours[(index / 40) % neighbours.length] as (typeof neighbours)[number];
      await stack.store(key, bytes);
    }
    await deliver(each, messages);
  }
  for (const { key, bytes } of neighbours) await stack.store(key, bytes);
  await stack.cloud.idle();
  clearInterval(sample);
  poisoned = await storedOf(stack);
  inEvidence = await stack.eventIds();
  const quarantined = await stack.quarantined();
  // A batch of which nothing could be read fails so that it shows; all of it is refused one by one.
  const refusedWhole = new Set(quarantined.map(({ header }) => header.execution));
  unsuccessful = (await stack.unsuccessful()).filter(name => !refusedWhole.has(name));
  failures = quarantined.flatMap(({ header }) => (header.failure ? [header.failure] : []));
  for (const { refusals } of quarantined) {
    for (const refusal of refusals) {
      const slug =
        messages.get(refusal.raw ?? '') ?? /poison-\d{3}x/.exec(JSON.stringify(refusal))?.[0] ?? 'nobody';
      told.set(slug, [...(told.get(slug) ?? []), refusal]);
    }
  }
});

afterAll(() => stack.close());

async function deliver({ slug, file, message }: RunCase, messages: Map<string, string>): Promise<void> {
  const name = filled(file?.key ?? '', { case: slug });
  const inFolder = name.startsWith('AWSLogs/')
    ? name
    : `AWSLogs/999999999999/CloudTrail/us-east-1/2025/06/02/${name}`;
  const named = name ? inFolder : logKey(slug);
  const key = file?.silent ? replayedKey('20250602T100500000Z', named) : named;
  if (file) await stack.store(key, fileBytes(file, slug));
  // The rule passes on .json.gz only; plain JSON is announced by hand.
  const plain = key.endsWith('.json') ? { s3Bucket: stack.bucket, s3ObjectKey: [key] } : null;
  if (plain) await stack.send('trail', JSON.stringify(plain));
  if (!message) return;
  const names = { bucket: stack.bucket, key, case: slug };
  const body = filled(messageText(message, names), names);
  messages.set(body, slug);
  await stack.send(message.queue ?? 'trail', body);
}

/** Which of a case's records are evidence, by their number. */
function keptOf({ slug, file }: RunCase): number[] {
  const count = (file?.records ?? []).reduce((sum, { times = 1 }) => sum + times, 0);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return numbers.filter(number => inEvidence.has(recordId(slug, number)));
}

test.each(cases.map(each => [`${each.slug} ${each.name}`, each] as const))('%s', (_, each) => {
  const { kept = [], refused = [] } = each.expected;
  const stored = keptOf(each);
  expect(typeof kept === 'number' ? stored.length : stored).toEqual(kept);
  const reasons = told.get(each.slug) ?? [];
  expect(reasons.map(({ error }) => error)).toEqual(
    refused.flatMap(({ error, times = 1 }) => Array<string>(times).fill(error)),
  );
  for (const { says } of refused) {
    for (const { message } of reasons) {
      expect(message).toContain(says);
      // A person reads it: one line, short enough.
      expect(message.length).toBeLessThan(400);
    }
  }
});

test('nothing is refused that no case speaks of', () => {
  expect([...told.keys()].filter(slug => !cases.some(each => each.slug === slug))).toEqual([]);
});

test('no execution fails, no batch is set aside whole', () => {
  expect(failures).toEqual([]);
  expect(unsuccessful).toEqual([]);
});

test('no message is given up', async () => {
  expect(await deadLetters(stack.cloud)).toBe(0);
  expect(stack.cloud.activity()).toEqual({ messages: 0, invocations: 0, executions: 0 });
});

test('the neighbours’ evidence and answers are those of a run without the poison', () => {
  expect(clean.map(({ evidence, answers }) => [evidence.length, answers[0]?.status])).toEqual(
    neighbours.map(() => [4, 'linked']),
  );
  expect(poisoned).toEqual(clean);
});

test('memory stays within that of one function', () => {
  expect(growth).toBeGreaterThan(0);
  expect(growth).toBeLessThan(bound);
});
