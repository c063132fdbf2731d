import fc from 'fast-check';
import { frameHeader, frameLine, readFrames } from '../../steps/frames.ts';

async function* inChunks(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('records pass from step to step with their meaning unchanged, wherever chunks end', async () => {
  const records = fc.array(fc.tuple(fc.nat(), fc.jsonValue(), fc.constantFrom(0, 2, '\t')), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(records, fc.integer({ min: 1, max: 30 }), async (list, size) => {
      const sources = [{ source: 's3://b/ä\n.json.gz', account: null }];
      const lines = list.map(([head, value, indent]) =>
        frameLine(String(head), JSON.stringify(value, null, indent)),
      );
      const read = await readFrames(inChunks(frameHeader(sources) + lines.join(''), size));
      const frames: [number, unknown][] = [];
      for await (const { head, text } of read.frames) frames.push([Number(head), JSON.parse(text)]);
      expect(read.sources).toEqual(sources);
      expect(frames).toEqual(list.map(([head, value]) => [head, JSON.parse(JSON.stringify(value))]));
    }),
  );
});

test('data without a header or a head is refused by name', async () => {
  await expect(readFrames(inChunks('', 5))).rejects.toThrow(expect.objectContaining({ name: 'BadFrame' }));
  const { frames } = await readFrames(inChunks('[]\nno head\n', 5));
  await expect(frames.next()).rejects.toThrow(expect.objectContaining({ name: 'BadFrame' }));
});
