import type { ExecutionCollector } from '../../../cli/replay/execution-collector.ts';
import { progressText, TimeLeft } from '../../../cli/replay/progress.ts';

/** What progress reads of a watch. */
const watch = (sources: number) =>
  ({ ended: 2, collected: { counts: { sources, records: 5_000 } } }) as ExecutionCollector;
const began = new Date(0);

test('tells what is delivered, what runs, the rate, and the time left by the files that are done with', () => {
  expect(
    progressText(
      { delivered: 400, of: 1000, running: 3, collector: watch(250), began, timeLeft: new TimeLeft() },
      10_000,
    ),
  ).toBe(
    'delivered 400 of 1,000 · executions: 3 running, 2 done · 5,000 records (500/s) · about 30.0 s left',
  );
});

test.each([0, 10, 1000, 1200])(
  'with %i of 1,000 done, nobody knows the time left, or there is none',
  sources => {
    expect(
      progressText(
        { delivered: 1000, of: 1000, running: 0, collector: watch(sources), began, timeLeft: new TimeLeft() },
        10_000,
      ),
    ).not.toContain('left');
  },
);

test('does not call it no records while the first execution still counts them', () => {
  const first = { ended: 0, collected: { counts: { sources: 0, records: 0 } } } as ExecutionCollector;
  expect(
    progressText(
      { delivered: 5, of: 5, running: 1, collector: first, began, timeLeft: new TimeLeft() },
      60_000,
    ),
  ).toBe('delivered 5 of 5 · executions: 1 running, 0 done');
});

test('a time left does not climb', () => {
  const timeLeft = new TimeLeft();
  const told = (sources: number, now: number) =>
    progressText({ delivered: 1000, of: 1000, running: 1, collector: watch(sources), began, timeLeft }, now);
  expect(told(500, 10_000)).toContain('about 10.0 s left');
  expect(told(500, 20_000)).toContain('about 10.0 s left');
  expect(told(900, 20_000)).toContain('about 2.2 s left');
});

test('an estimate that was told for twice its time is told no more', () => {
  const timeLeft = new TimeLeft();
  const told = (now: number) =>
    progressText({ delivered: 1000, of: 1000, running: 1, collector: watch(500), began, timeLeft }, now);
  expect(told(10_000)).toContain('about 10.0 s left');
  expect(told(31_000)).toContain('about 10.0 s left');
  expect(told(33_000)).not.toContain('left');
});

test('while one execution runs long, what it reads and stores moves', () => {
  const first = { ended: 0, collected: { counts: { sources: 0, records: 0 } } } as ExecutionCollector;
  const moved = { read: 412_000_000, of: 1_000_000_000, stored: 3_100_000 };
  expect(
    progressText(
      { delivered: 1, of: 1, running: 1, collector: first, began, timeLeft: new TimeLeft(), moved },
      60_000,
    ),
  ).toBe('delivered 1 of 1 · executions: 1 running, 0 done · read 412 MB of 1,000 MB, stored 3.1 MB');
});
