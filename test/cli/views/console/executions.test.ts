import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visitsOf } from '../../../../cli/queries/history.ts';
import { drawingOf } from '../../../../cli/views/console/parts/layout.ts';
import { readMachine } from '../../../../cli/views/console/parts/machine.ts';
import { passageOf } from '../../../../cli/views/console/parts/passage.ts';
import { at, caughtFailure, definition, page } from './deployment-fixture.ts';

const described = {
  name: 'one',
  status: 'FAILED',
  startDate: at(0),
  stopDate: at(4),
  error: 'Broken',
  cause: 'why',
};
const one = {
  DescribeExecution: () => described,
  GetExecutionHistory: () => ({ events: caughtFailure }),
  DescribeStateMachineForExecution: () => ({ definition }),
};

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
  const list = (status: string) => ({
    ListExecutions: ({ statusFilter, nextToken, maxResults }: Record<string, unknown>) => ({
      executions: [
        {
          name: `name-${statusFilter ?? 'any'}-${nextToken ?? 'first'}-${maxResults}`,
          executionArn: 'a',
          status,
          startDate: at(0),
        },
      ],
      nextToken: 'more+/',
    }),
    DescribeExecution: () => ({
      input: '{"entry":"objects","sources":[{"key":"a/one.json.gz"},{"key":"a/two.json.gz"}]}',
      output: '{"counts":{"records":1200,"kept":7,"refused":2,"rejected":1}}',
    }),
  });

  test('has source, counts and a link to the next page, which keeps the filter', async () => {
    const text = await page({ sfn: list('FAILED') }, '/?status=FAILED');
    expect(text).toContain('one.json.gz and 1 more');
    expect(text).toContain('name-FAILED-first-25');
    expect(text).toContain('>1,200</td>');
    expect(text).toContain('<td class="n bad">3</td>');
    expect(text).toContain('href="/?status=FAILED&amp;from=more%2B%2F"');
    expect(await page({ sfn: list('FAILED') }, '/?from=more%2B%2F')).toContain('name-any-more+/-25');
  });

  test('is loaded again while something runs, unless that is paused', async () => {
    const refresh = '<meta http-equiv="refresh"';
    expect(await page({ sfn: list('RUNNING') }, '/')).toContain(refresh);
    expect(await page({ sfn: list('RUNNING') }, '/?live=off')).not.toContain(refresh);
    expect(await page({ sfn: list('SUCCEEDED') }, '/')).not.toContain(refresh);
    expect(await page({ sfn: list('SUCCEEDED') }, '/?live=on')).toContain(refresh);
    const nothingYet = { sfn: { ListExecutions: () => ({ executions: [] }) }, busy: true };
    expect(await page(nothingYet, '/')).toContain(refresh);
    expect(await page(nothingYet, '/')).toContain('No execution has begun yet');
    expect(await page({ ...nothingYet, busy: false }, '/')).toContain('roletrail replay PATH');
  });

  test('says that there is no such status', async () => {
    expect(await page({}, '/?status=%3Cb%3E')).toContain('there is no status &lt;b&gt;');
  });
});

describe('one execution', () => {
  test('tells its tries, what was caught, its source and where it was set aside; text of the log is made safe', async () => {
    const text = await page({ sfn: one }, '/execution?name=one');
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
      ...one,
      DescribeExecution: () => ({ name: 'one', status: 'RUNNING', startDate: at(0) }),
      GetExecutionHistory: () => ({ events: caughtFailure.slice(0, 9) }),
    };
    const text = await page({ sfn: running }, '/execution?name=one');
    expect(text).toMatch(/<g class="state running work"><title>Filter: Task, in progress</);
    expect(text).toContain('<meta http-equiv="refresh"');
    expect(text).toContain('so far');
    const paused = await page({ sfn: running }, '/execution?name=one&live=off');
    expect(paused).not.toContain('<meta http-equiv="refresh"');
  });

  test('that of another process says so once that has ended', async () => {
    const gone = {
      DescribeExecution: () => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      },
    };
    expect(await page({ sfn: gone, host: 42 }, '/execution?name=one')).toContain(
      'The process 42 whose cloud this shows has ended',
    );
  });

  test('a token in what a state was given is masked, on its page and the execution’s', async () => {
    const input = JSON.stringify({ message: JSON.stringify({ sessionToken: 'IQoJb3JpZ2lu' }) });
    const [began, entered, ...rest] = caughtFailure;
    const given = { ...entered, stateEnteredEventDetails: { name: 'Fetch', input } };
    const sfn = { ...one, GetExecutionHistory: () => ({ events: [began, given, ...rest] }) };
    for (const path of ['/state?name=one&visit=0', '/execution?name=one']) {
      const text = await page({ sfn }, path);
      expect(text).toContain('sessionToken');
      expect(text).not.toContain('IQoJb3JpZ2lu');
    }
  });

  test('a state is shown whole', async () => {
    const text = await page({ sfn: one }, '/state?name=one&visit=0');
    expect(text).toContain('&quot;key&quot;: &quot;AWSLogs/x/one.json.gz&quot;');
    expect(await page({ sfn: one }, '/state?name=one&visit=9')).toContain('has no state number 9');
  });
});
