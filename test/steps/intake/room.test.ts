import { Room } from '../../../steps/intake/room.ts';

/** A room over so many running executions, at a time that the test sets. */
function roomOver(most: number, running: () => number) {
  const clock = { now: 0 };
  const asked: number[] = [];
  const count = async (upTo: number) => {
    asked.push(upTo);
    return Math.min(upTo, running());
  };
  return { room: new Room({ most, count, now: () => clock.now }), clock, asked };
}

async function taken(room: Room, kind: 'files' | 'events', tries: number): Promise<number> {
  let count = 0;
  for (let n = 0; n < tries; n++) if (await room.take(kind)) count += 1;
  return count;
}

test('starts as many as may run, its own among them, with one count', async () => {
  const { room, asked } = roomOver(20, () => 15);
  expect(await taken(room, 'files', 10)).toBe(5);
  expect(asked).toEqual([25]);
});

test('counts again after two seconds, and not before', async () => {
  let running = 20;
  const { room, clock, asked } = roomOver(20, () => running);
  expect(await taken(room, 'files', 3)).toBe(0);
  running = 18;
  clock.now = 1_999;
  expect(await taken(room, 'files', 3)).toBe(0);
  clock.now = 2_000;
  expect(await taken(room, 'files', 3)).toBe(2);
  expect(asked).toHaveLength(2);
});

test('events have a quarter more than log files', async () => {
  const { room } = roomOver(20, () => 20);
  expect(await taken(room, 'files', 1)).toBe(0);
  expect(await taken(room, 'events', 10)).toBe(5);
});

test('0: any number, and nothing is counted', async () => {
  const { room, asked } = roomOver(0, () => 1_000);
  expect(await taken(room, 'files', 50)).toBe(50);
  expect(asked).toEqual([]);
});

test('a count that is throttled holds nothing up; one that is denied shows', async () => {
  const failing = (name: string) =>
    new Room({ most: 1, count: () => Promise.reject(Object.assign(new Error('no'), { name })) });
  expect(await failing('ThrottlingException').take('files')).toBe(true);
  await expect(failing('AccessDeniedException').take('files')).rejects.toThrow('no');
});
