import { GroupCommit } from '../../../steps/store/group-commit.ts';

/** Writes that end when the test says so. */
function given() {
  const writes: { items: readonly number[]; done: PromiseWithResolvers<void> }[] = [];
  const commit = new GroupCommit<number>(items => {
    const done = Promise.withResolvers<void>();
    writes.push({ items, done });
    return done.promise;
  });
  return { writes, commit };
}
const settled = () => new Promise(resolve => setImmediate(resolve));

test('what comes while writes are under way goes along with the next', async () => {
  const { writes, commit } = given();
  const added = [1, 2, 3, 4, 5].map(each => commit.add([each]));
  expect(writes.map(({ items }) => items)).toEqual([[1], [2]]);
  writes[0]?.done.resolve();
  await settled();
  expect(writes.map(({ items }) => items)).toEqual([[1], [2], [3, 4, 5]]);
  for (const { done } of writes) done.resolve();
  await Promise.all(added);
});

test('nobody is told that it is written before it is', async () => {
  const { writes, commit } = given();
  let done = false;
  const added = commit.add([1]).then(() => {
    done = true;
  });
  await settled();
  expect(done).toBe(false);
  writes[0]?.done.resolve();
  await added;
});

test('a write that fails fails for those it was for, and for nobody else', async () => {
  const { writes, commit } = given();
  const [first, second, third] = [1, 2, 3].map(each => commit.add([each]));
  writes[0]?.done.reject(new Error('throttled'));
  await expect(first).rejects.toThrow('throttled');
  await settled();
  for (const { done } of writes) done.resolve();
  await Promise.all([second, third]);
});

test('nothing to write is not a write', async () => {
  const { writes, commit } = given();
  await commit.add([]);
  expect(writes).toEqual([]);
});
