import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import { CliError } from '../failure.ts';
import type { Job, ReadWith, Said } from './reading/jobs.ts';
import type { Part } from './reading/part.ts';
import { Worker } from './reading/worker.ts';

/** More do not help: what they read is written by one. */
const mostThreads = 8;
/** Files that one thread is given at once: so many, or so many bytes. */
const mostJobs = 32;
const mostBytes = 4 * 1024 * 1024;
/** What a thread is given ahead of what was taken: so that none waits, and little waits for its turn. */
const ahead = 3;

/** Some jobs, and what was said of them and not taken yet. */
interface Task {
  jobs: Job[];
  said: Said[];
  thread: Thread | null;
  wake: (() => void) | null;
}

/** What was read of some jobs; `ended`: all of it is told. */
export interface Read {
  jobs: readonly Job[];
  parts: Part[];
  problems: string[];
  ended: boolean;
}

/** Files, and bytes of them, that are read before threads have started. */
const littleFiles = 64;
const littleBytes = 1024 * 1024;

function isLittle(jobs: readonly Job[]): boolean {
  return jobs.length <= littleFiles && jobs.reduce((sum, { input }) => sum + input.size, 0) <= littleBytes;
}

async function* readHere(jobs: readonly Job[], readWith: ReadWith): AsyncGenerator<Read> {
  let said: Said[] = [];
  const worker = new Worker(readWith, each => {
    said.push(each);
    worker.taken();
  });
  for (const group of grouped(jobs)) {
    await worker.work(group);
    for (const each of said) yield read(group, each);
    said = [];
  }
}

/** Throws CliError for what a thread could not read. */
function read(jobs: readonly Job[], said: Said): Read {
  if ('error' in said) throw new CliError(`cannot read ${said.error.file}: ${said.error.message}`);
  return { jobs, ...said };
}

/**
 * Reads jobs in threads and tells what came of them in the order of the jobs, however the threads share them. `partsOf` may be left
 * early: the threads end. Memory is bounded: a thread waits until what it said is taken.
 */
export async function* readInThreads(
  jobs: readonly Job[],
  readWith: ReadWith,
  count = Math.min(mostThreads, availableParallelism()),
): AsyncGenerator<Read> {
  if (isLittle(jobs)) {
    yield* readHere(jobs, readWith);
    return;
  }
  const tasks: Task[] = grouped(jobs).map(group => ({ jobs: group, said: [], thread: null, wake: null }));
  const threads = Array.from({ length: Math.min(count, tasks.length) }, () => startThread(readWith));
  const idle = [...threads];
  let given = 0;
  let taken = 0;
  const give = () => {
    while (idle.length > 0 && given < tasks.length && given < taken + ahead * threads.length) {
      const thread = idle.shift();
      const task = tasks[given];
      if (!thread || !task) return;
      given += 1;
      task.thread = thread;
      const hear = (said: Said) => {
        task.said.push(said);
        if ('error' in said || said.ended) {
          thread.off('message', hear);
          idle.push(thread);
          give();
        }
        task.wake?.();
      };
      thread.on('message', hear);
      thread.on('error', error => {
        task.said.push({ error: { file: task.jobs[0]?.input.file ?? '', message: error.message } });
        task.wake?.();
      });
      thread.postMessage(task.jobs);
    }
  };
  give();
  try {
    for (const task of tasks) {
      for (let ended = false; !ended; ) {
        const said = task.said.shift();
        if (!said) {
          await new Promise<void>(resolve => {
            task.wake = resolve;
          });
          continue;
        }
        const told = read(task.jobs, said);
        ended = told.ended;
        task.thread?.postMessage('taken');
        yield told;
      }
      taken += 1;
      give();
    }
  } finally {
    await Promise.all(threads.map(thread => thread.terminate()));
  }
}

function startThread(workerData: ReadWith): Thread {
  const file = join(import.meta.dirname, 'reading', `thread${extname(import.meta.filename)}`);
  return new Thread(file, { workerData, stdout: false, stderr: false });
}

/** Few large files, many small ones. What an export makes files of tells by itself whose problems it tells: it is alone. */
function grouped(jobs: readonly Job[]): Job[][] {
  const groups: Job[][] = [];
  let [open, bytes]: [Job[], number] = [[], 0];
  const close = () => {
    if (open.length > 0) groups.push(open);
    [open, bytes] = [[], 0];
  };
  for (const job of jobs) {
    const { size, isExport } = job.input;
    if (isExport || open.length === mostJobs || bytes + size > mostBytes) close();
    open.push(job);
    bytes += size;
    if (isExport) close();
  }
  close();
  return groups;
}
