import { setFlagsFromString } from 'node:v8';

const small = ['--semi-space-growth-factor=1', '--heap-growing-percent=100'];
/** Those of V8: 0 lets it decide. */
const usual = ['--semi-space-growth-factor=2', '--heap-growing-percent=0'];

/**
 * The heap of a process whose memory is not to grow with what it reads. Where a machine has gigabytes, V8 lets a heap with thirty megabytes
 * in use grow to three hundred before it looks for what is not used any more. Once held, young objects keep the space that they
 * have by then, in all threads, and old ones get as much again as is in use. Held from the start, that would be a megabyte for the young,
 * and a sixth more work. V8 reads both flags each time that it decides to grow, which is why they hold for a process that runs
 * (V8, src/heap/new-spaces.cc and heap-controller.cc).
 */
export class SmallHeap {
  #held = false;

  hold(): void {
    if (this.#held) return;
    this.#held = true;
    for (const flag of small) setFlagsFromString(flag);
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    for (const flag of usual) setFlagsFromString(flag);
  }
}
