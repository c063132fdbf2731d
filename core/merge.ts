/** Several lists as one, the first first: each is in that order itself, and is read as far as it is needed. */
export async function* merged<T>(
  lists: readonly AsyncIterable<T>[],
  sortKeyOf: (item: T) => string,
): AsyncGenerator<T> {
  const open = new Map<AsyncIterator<T>, T>();
  const advance = async (list: AsyncIterator<T>) => {
    const next = await list.next();
    if (next.done) open.delete(list);
    else open.set(list, next.value);
  };
  for (const list of lists) await advance(list[Symbol.asyncIterator]());
  while (open.size > 0) {
    const [first] = [...open].sort(([, a], [, b]) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1));
    if (!first) return;
    yield first[1];
    await advance(first[0]);
  }
}
