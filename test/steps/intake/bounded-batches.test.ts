import type { Arrival } from '../../../steps/intake/arrival.ts';
import { boundedBatches } from '../../../steps/intake/bounded-batches.ts';
import type { TrailObject } from '../../../steps/transport/payloads.ts';

const mebibyte = 2 ** 20;
let keys = 0;
const file = (megabytes?: number): TrailObject => ({
  bucket: 'trail',
  key: `${keys++}.json.gz`,
  ...(megabytes !== undefined && { size: megabytes * mebibyte }),
});
const alone = (): TrailObject => ({ ...file(1), alone: true });
const arrival = (...objects: TrailObject[]): Arrival => ({
  messageId: String(keys++),
  sentAt: '2025-03-11T09:00:00Z',
  objects,
  events: [],
  notLogs: 0,
});
const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make);
const filesOf = (batch: Arrival[]) => batch.flatMap(({ objects }) => objects);

test.each([
  ['files of a notice each, 64 MB together', times(16, () => arrival(file(4))), [16]],
  ['one more', times(17, () => arrival(file(4))), [16, 1]],
  ['a hundred small ones', times(100, () => arrival(file(0.2))), [100]],
  ['more than 250 small ones', times(300, () => arrival(file(0.01))), [250, 50]],
  ['250 files of 8 MB', times(250, () => arrival(file(8))), [...times(31, () => 8), 2]],
  ['without a size, 5 MB each', times(25, () => arrival(file())), [12, 12, 1]],
  ['a large one among small ones', [file(1), file(200), file(1)].map(each => arrival(each)), [1, 1, 1]],
  ['a notice that lists 40 files of 4 MB', [arrival(...times(40, () => file(4)))], [10, 10, 10, 10]],
  [
    'a notice that is divided, between two others',
    [arrival(file(1)), arrival(...times(20, () => file(4))), arrival(file(1))],
    [1, 10, 10, 1],
  ],
  [
    'what is to be alone, among others',
    [arrival(file(1)), arrival(alone(), alone()), arrival(alone()), arrival(file(1))],
    [1, 1, 1, 1, 1],
  ],
  ['nothing', [], []],
])('%s', (_, arrivals, sizes) => {
  // When
  const batches = boundedBatches(arrivals);
  // Then
  expect(batches.map(batch => filesOf(batch).length)).toEqual(sizes);
  expect(batches.flatMap(filesOf)).toEqual(filesOf(arrivals));
});
