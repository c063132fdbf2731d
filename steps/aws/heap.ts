import { setFlagsFromString } from 'node:v8';

/**
 * Lets a function's heap grow to three times what it holds before all of it is looked over. A function holds some 10 MB, and
 * V8 would look them over for every 8 MB more of buffers: in each step over a file of megabytes, an eighth of its time. Call
 * once all modules are loaded: code cached under other flags is compiled again. Peak memory of a step stays (npm run bench).
 */
export function collectRarely(): void {
  setFlagsFromString('--heap-growing-percent=200');
}
