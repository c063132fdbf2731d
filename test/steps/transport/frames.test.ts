import fc from 'fast-check';
import { BlockWriter, readBlocks } from '../../../steps/transport/blocks.ts';
import { framesIn, readRecords, textOf, writeSources } from '../../../steps/transport/frames.ts';

async function* blocksOf(...writers: BlockWriter[]) {
  yield* readBlocks(Buffer.concat(writers.flatMap(writer => writer.finish())));
}

async function written(writer: BlockWriter) {
  const { sources, blocks } = await readRecords(blocksOf(writer));
  const records: [number, string][] = [];
  for await (const block of blocks) for (const frame of block) records.push([frame.number, textOf(frame)]);
  return { sources, records };
}

test('records pass from step to step as they are, over any number of blocks', async () => {
  // Lengths around a block's own, because what does not fit begins the next one.
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer({ min: 500_000, max: 530_000 }).map(length => 'ä\n'.repeat(length / 3)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(), text), { maxLength: 5 }), async list => {
      const sources = [{ source: 's3://b/ä\n.json.gz', account: null }];
      const writer = new BlockWriter();
      writeSources(writer, sources);
      for (const [number, record] of list) writer.writeFrame(number, Buffer.from(record));
      const wanted = list.map(([number, record]) => [number, Buffer.from(record).toString('utf8')]);
      expect(await written(writer)).toEqual({ sources, records: wanted });
    }),
    { numRuns: 60 },
  );
});

test('a block is empty once the next is asked for, and a small one, which lies in a pool, is not', async () => {
  const writer = new BlockWriter();
  writeSources(writer, [{ source: 'x'.repeat(600_000), account: null }]);
  for (const length of [600_000, 600_000]) writer.writeFrame(1, 'x'.repeat(length));
  const small = new BlockWriter();
  small.writeFrame(1, 'x');
  const blocks = [...readBlocks(Buffer.concat([writer, small].flatMap(each => each.finish())))];
  expect(blocks).toHaveLength(4);
  const pool = Buffer.from('pool');
  const seen: number[][] = [];
  const { blocks: records } = await readRecords(
    (async function* () {
      yield* blocks;
    })(),
  );
  for await (const _ of records) seen.push(blocks.map(block => block.length));
  expect(seen.map(lengths => lengths.filter(length => length === 0).length)).toEqual([0, 1, 2, 3]);
  expect(blocks.map(block => block.length > 0)).toEqual([false, false, false, true]);
  expect(pool.toString()).toBe('pool');
});

test('data that is cut short or has no sources is refused by name', async () => {
  const badFrame = expect.objectContaining({ name: 'BadFrame' });
  await expect(readRecords(blocksOf(new BlockWriter()))).rejects.toThrow(badFrame);
  const writer = new BlockWriter();
  writer.writeFrame(0, '{}');
  const bytes = Buffer.concat(writer.finish());
  for (const length of [3, bytes.length - 1]) {
    expect(() => [...readBlocks(bytes.subarray(0, length))]).toThrow(badFrame);
  }
  for (const length of [5, 9]) {
    expect(() => [...framesIn(Buffer.from([0, 0, 0, 0, 2, 0, 0, 0, 1, 1]).subarray(0, length))]).toThrow(
      badFrame,
    );
  }
});
