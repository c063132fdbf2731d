import { parentPort, workerData } from 'node:worker_threads';
import type { Job, ReadWith, Said } from './jobs.ts';
import { Worker } from './worker.ts';

// A thread that reads: takes jobs, and says what came of each.
const port = parentPort;
if (!port) throw new Error('this file is run by a thread');
const worker = new Worker(workerData as ReadWith, said => port.postMessage(said satisfies Said));
port.on('message', (message: Job[] | 'taken') => {
  if (message === 'taken') worker.taken();
  else void worker.work(message);
});
