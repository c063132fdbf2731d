import { project, run } from '../../replay/roletrail.ts';

/** Works with a little that lives for a while, as a trace does, and prints the most that the heap took, in megabytes. */
const program = `
import { SmallHeap } from '${project}/cli/trace/small-heap.ts';
const heap = new SmallHeap();
if (process.argv[1] !== 'usual') heap.hold();
if (process.argv[1] === 'released') heap.release();
let most = 0;
const held = [];
for (let n = 0; n < 80_000; n += 1) {
  held[n % 10_000] = JSON.parse(JSON.stringify({ name: 'n' + n, list: [n, n, n], text: 'x'.repeat(500) }));
  if (n % 1000 === 0) most = Math.max(most, process.memoryUsage().heapTotal);
  if (n % 1000 === 0) await new Promise(setImmediate);
}
console.log(Math.round(most / 1e6));
`;

// A collector with threads of its own finds more or less according to what else runs.
const mostOf = async (heap: string) => {
  const { status, out, err } = await run([
    '--single-threaded-gc',
    '--input-type=module',
    '--eval',
    program,
    heap,
  ]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return Number(out);
};

test('a heap that is held takes less than V8 lets it; released, it takes as much again', async () => {
  const usual = await mostOf('usual');
  expect(usual).toBeGreaterThan(10);
  expect(await mostOf('held')).toBeLessThan(0.85 * usual);
  expect(await mostOf('released')).toBeGreaterThan(0.95 * usual);
});
