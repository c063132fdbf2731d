import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { compileCache } from '../project.ts';
import type { Job, ReadWith, Said } from './reading/jobs.ts';

// A thread that reads: takes jobs, and says what came of each.
enableCompileCache(compileCache);
// Not imported above: what is compiled before the cache is there is compiled at each start.
const { Worker } = await import('./reading/worker.ts');
const port = parentPort;
if (!port) throw new Error('this file is run by a thread');
const worker = new Worker(workerData as ReadWith, said => port.postMessage(said satisfies Said));
port.on('message', (message: Job[] | 'taken') => {
  if (message === 'taken') worker.taken();
  else void worker.work(message);
});
