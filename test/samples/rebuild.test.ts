import { join } from 'node:path';
import { article } from '../../samples/article/sample.ts';
import { incident } from '../../samples/incident/sample.ts';
import { readSample, samples } from './support.ts';

const stories = { article, incident };

describe.each(Object.entries(stories))('the sample %s', (name, build) => {
  const committed = readSample(join(samples, name));
  const built = build();

  test('consists of the files its story names', () => {
    // Then
    expect([...committed.keys()].sort()).toEqual([...built.keys()].sort());
  });

  test.each([...built])('%s is as the story builds it, byte for byte', (path, bytes) => {
    // Then
    expect(committed.get(path)?.equals(bytes)).toBe(true);
  });

  test.each([...built].filter(([path]) => path.endsWith('.gz')))(
    '%s holds neither the time nor the system it was built on',
    (_path, bytes) => {
      // Then
      expect({ magic: bytes.readUInt16BE(0), time: bytes.readUInt32LE(4), system: bytes[9] }).toEqual({
        magic: 0x1f8b,
        time: 0,
        system: 255,
      });
    },
  );
});
