import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visitsOf } from '../../../../cli/queries/history.ts';
import { drawingOf } from '../../../../cli/views/console/parts/layout.ts';
import { readMachine } from '../../../../cli/views/console/parts/machine.ts';
import { passageOf } from '../../../../cli/views/console/parts/passage.ts';
import { memoryStore } from '../../queries/memory-store.ts';
import { caughtFailure, definition, execution, page } from './deployment-fixture.ts';

const one = { executions: [execution()], histories: { 'arn:one': caughtFailure }, definition };

describe('the way through a state machine', () => {
  const machine = readMachine(definition);
  const passage = passageOf(machine, visitsOf(caughtFailure), 'FAILED');
  const taken = machine.transitions.filter(passage.taken).map(({ from, to, kind }) => [from, to, kind]);

  test('has each state by its outcome, with its tries', () => {
    expect(Object.fromEntries(passage.outcomes)).toEqual({
      Fetch: { outcome: 'succeeded', attempts: 2 },
      Filter: { outcome: 'caught', attempts: 1 },
      Failed: { outcome: 'failed', attempts: 0 },
    });
  });

  test('goes by the catch where one was taken, not by it elsewhere', () => {
    expect(taken).toEqual([
      [' start', 'Fetch', 'next'],
      ['Fetch', 'Filter', 'next'],
      ['Filter', 'Failed', 'catch'],
      ['Failed', ' end', 'next'],
    ]);
  });

  test('is not at its end while it runs', () => {
    const half = passageOf(machine, visitsOf(caughtFailure.slice(0, 9)), 'RUNNING');
    expect(half.outcomes.get('Filter')).toEqual({ outcome: 'running', attempts: 1 });
    expect(machine.transitions.filter(half.taken)).toHaveLength(2);
  });
});

test('every state of the audit flow is drawn once, within the drawing, and no two over each other', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../statemachine/audit.asl.json'), 'utf8');
  const { width, height, boxes, routes } = drawingOf(readMachine(text));
  const names = Object.keys((JSON.parse(text) as { States: object }).States);
  expect(boxes.map(box => box.name).sort()).toEqual([...names, ' start', ' end'].sort());
  for (const box of boxes) {
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
    const over = boxes.filter(
      other =>
        other !== box &&
        other.x < box.x + box.width &&
        box.x < other.x + other.width &&
        other.y < box.y + box.height &&
        box.y < other.y + other.height,
    );
    expect(over).toEqual([]);
  }
  const at = new Map(boxes.map(box => [box.name, box]));
  for (const { transition, points } of routes) {
    const [first, last] = [points[0], points.at(-1)];
    const [from, to] = [at.get(transition.from), at.get(transition.to)];
    if (transition.kind === 'catch') expect(first?.x).toBe(from?.x);
    else expect(first?.y).toBe((from?.y ?? 0) + (from?.height ?? 0));
    expect(last?.y).toBe(to?.y);
    for (const { x, y } of points) expect(x >= 0 && y >= 0 && x <= width && y <= height).toBe(true);
  }
});

describe('the list', () => {
  const list = (status: 'RUNNING' | 'FAILED' | 'SUCCEEDED', count = 1) => ({
    executions: Array.from({ length: count }, (_, n) =>
      execution({
        ...{
          name: `logs-${n}-${status}.`,
          arn: `arn:${n}`,
          status,
          started: `2025-03-11T09:00:${10 + n}.000Z`,
        },
        input: '{"entry":"objects","sources":[{"key":"a/one.json.gz"},{"key":"a/two.json.gz"}]}',
        output: '{"counts":{"records":1200,"kept":7,"refused":2,"rejected":1}}',
      }),
    ),
  });

  test('has source, counts and a link to the next page, which keeps the filter', async () => {
    const { executions } = list('FAILED', 26);
    const holds = { executions: [...executions, ...list('SUCCEEDED').executions] };
    const text = await page(holds, '/?status=FAILED');
    expect(text).toContain('one.json.gz and 1 more');
    expect(text).toContain('logs-25-FAILED.');
    expect(text).not.toContain('logs-0-');
    expect(text).toContain('>1,200</td>');
    expect(text).toContain('<td class="n bad">3</td>');
    const next = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const last = await page(holds, next);
    expect(last).toContain('logs-0-FAILED.');
    expect(last).not.toContain('SUCCEEDED.');
    expect(last).not.toContain('rel="next"');
  });

  test('is loaded again while something runs, unless that is paused', async () => {
    const refresh = '<meta http-equiv="refresh"';
    expect(await page(list('RUNNING'), '/')).toContain(refresh);
    expect(await page(list('RUNNING'), '/?live=off')).not.toContain(refresh);
    expect(await page(list('SUCCEEDED'), '/')).not.toContain(refresh);
    expect(await page(list('SUCCEEDED'), '/?live=on')).toContain(refresh);
    expect(await page({ busy: () => true }, '/')).toContain(refresh);
    expect(await page({ busy: () => true }, '/')).toContain('No execution has started yet');
    expect(await page({ busy: () => false }, '/')).toContain('roletrail replay PATH');
  });

  test('says that there is no such status', async () => {
    expect(await page({}, '/?status=%3Cb%3E')).toContain('no execution status is called &lt;b&gt;');
  });
});

describe('one execution', () => {
  test('tells its tries, what was caught, its source and where it was set aside; text of the log is made safe', async () => {
    const text = await page(one, '/execution?name=one');
    expect(text).toContain('2 attempts');
    expect(text).toContain('failed, caught');
    expect(text).toContain('Broken: &lt;b&gt;bold\\u{202e}');
    expect(text).toContain('s3://b/AWSLogs/x/one.json.gz');
    expect(text).toContain('/quarantine?key=quarantine%2F2025-03-11%2Fone-batch.ndjson');
    expect(text).toContain('13 events');
    expect(text).not.toContain('<b>bold');
  });

  test('one that runs shows the state that is in progress and looks again, until that is paused', async () => {
    const running = {
      executions: [execution({ status: 'RUNNING', ended: null, error: null, cause: null })],
      histories: { 'arn:one': caughtFailure.slice(0, 9) },
      definition,
    };
    const text = await page(running, '/execution?name=one');
    expect(text).toMatch(/<g class="state running work"><title>Filter: Task, in progress</);
    expect(text).toContain('<meta http-equiv="refresh"');
    expect(text).toContain('so far');
    const paused = await page(running, '/execution?name=one&live=off');
    expect(paused).not.toContain('<meta http-equiv="refresh"');
  });

  test('that of another process says so once that has ended', async () => {
    const store = memoryStore({});
    const describe = async () => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    const gone = { ...store, executions: { ...store.executions, describe } };
    expect(await page({ store: gone, host: 42 }, '/execution?name=one')).toContain(
      'Process 42, which ran this cloud, has ended',
    );
  });

  test('a token in what a state was given is masked, on its page and the execution’s', async () => {
    const input = JSON.stringify({ message: JSON.stringify({ sessionToken: 'IQoJb3JpZ2lu' }) });
    const histories = { 'arn:one': caughtFailure.map(each => (each.id === 2 ? { ...each, input } : each)) };
    for (const path of ['/state?name=one&visit=0', '/execution?name=one']) {
      const text = await page({ ...one, histories }, path);
      expect(text).toContain('sessionToken');
      expect(text).not.toContain('IQoJb3JpZ2lu');
    }
  });

  test('a state is shown whole', async () => {
    const text = await page(one, '/state?name=one&visit=0');
    expect(text).toContain('&quot;key&quot;: &quot;AWSLogs/x/one.json.gz&quot;');
    expect(await page(one, '/state?name=one&visit=9')).toContain('has no state number 9');
  });
});
