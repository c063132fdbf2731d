import { addEventHandler } from 'jest-circus';

// How many times longer than usual a test may take: for slow machines, and for runs that test more than usual.
const slowness = Number(process.env.ROLETRAIL_SLOWNESS ?? 1);
if (!(slowness > 0)) {
  throw new Error(`ROLETRAIL_SLOWNESS: expected a number above 0, not ${process.env.ROLETRAIL_SLOWNESS}`);
}

/** Milliseconds. It ends a test that hangs, and says nothing of speed: the slowest takes a tenth of it. */
const longestTest = 120_000 * slowness;

/** From now on, tests and hooks that take longer than the limit fail, because the runner itself would wait for them forever. */
export function limitTime() {
  addEventHandler((event, { currentDescribeBlock }) => {
    if (event.name === 'add_test') limit(currentDescribeBlock.children.at(-1));
    if (event.name === 'add_hook') limit(currentDescribeBlock.hooks.at(-1));
  });
}

function limit(entry) {
  const { fn, name = entry.type } = entry;
  // A skipped test may have no function.
  if (!fn) return;
  if (fn.length > 0) throw new Error(`${name}: a test returns a promise; it takes no callback`);
  entry.fn = async () => {
    const { promise: tooLong, reject } = Promise.withResolvers();
    const timer = setTimeout(
      () => reject(new Error(`${name}: not done after ${longestTest} ms`)),
      longestTest,
    );
    try {
      return await Promise.race([fn(), tooLong]);
    } finally {
      clearTimeout(timer);
    }
  };
}
