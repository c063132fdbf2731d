import { withSmallHeap } from '../../../cli/trace/small-heap.ts';
import { project, run } from '../../replay/roletrail.ts';

/** Works with a little that lives for a while, as a trace does, and prints the most that the heap took, in megabytes. */
const program = `
import { withSmallHeap } from '${project}/cli/trace/small-heap.ts';
const usual = work => work();
let most = 0;
await (process.argv[1] === 'small' ? withSmallHeap : usual)(async () => {
  const held = [];
  for (let n = 0; n < 80_000; n += 1) {
    held[n % 10_000] = JSON.parse(JSON.stringify({ name: 'n' + n, list: [n, n, n], text: 'x'.repeat(500) }));
    if (n % 1000 === 0) most = Math.max(most, process.memoryUsage().heapTotal);
    if (n % 1000 === 0) await new Promise(setImmediate);
  }
});
console.log(Math.round(most / 1e6));
`;

const mostOf = async (heap: string) => {
  const { status, out, err } = await run(['--input-type=module', '--eval', program, heap]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return Number(out);
};

test('a heap takes less than V8 lets it', async () => {
  const [small, usual] = [await mostOf('small'), await mostOf('usual')];
  expect(small).toBeGreaterThan(10);
  expect(small).toBeLessThan(0.75 * usual);
});

test('what the work comes to, and what ends it, is that of the work', async () => {
  await expect(withSmallHeap(async () => 17)).resolves.toBe(17);
  await expect(withSmallHeap(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
