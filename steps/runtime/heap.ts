import { setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/**
 * Lets a function's heap grow to three times what it holds before all of it is looked over. A function holds some 10 MB, and
 * V8 would look them over for every 8 MB more of buffers: in each step over a file of megabytes, a tenth of its time. Call
 * once all modules are loaded: code cached under other flags is compiled again. Peak memory of a step stays (npm run bench).
 */
export function collectRarely(): void {
  // A flag is of the whole process, which in the embedded cloud is that of all functions, each of them a thread.
  if (isMainThread) setFlagsFromString('--heap-growing-percent=200');
}
