import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import { CliError } from '../failure.ts';
import type { Job, ReadWith, Said, Sentences } from './reading/jobs.ts';
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
  told: Sentences;
  ended: boolean;
}

/** Files, and bytes of them, that are read before threads have started. */
const littleFiles = 64;
const littleBytes = 1024 * 1024;

function isLittle(jobs: readonly Job[]): boolean {
  return jobs.length <= littleFiles && jobs.reduce((sum, { input }) => sum + input.size, 0) <= littleBytes;
}

/** Reads jobs in this thread. */
class Here {
  readonly #worker: Worker;
  #said: Said[] = [];

  constructor(readWith: ReadWith) {
    this.#worker = new Worker(readWith, each => {
      this.#said.push(each);
      this.#worker.taken();
    });
  }

  async *read(jobs: readonly Job[]): AsyncGenerator<Read> {
    await this.#worker.work(jobs);
    const said = this.#said;
    this.#said = [];
    for (const each of said) yield read(jobs, each);
  }
}

/** Throws CliError for what a thread could not read. */
function read(jobs: readonly Job[], said: Said): Read {
  if ('error' in said) {
    const { file, message } = said.error;
    // What S3 says names the object.
    throw new CliError(message.includes(file) ? message : `cannot read ${file}: ${message}`);
  }
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
  const here = new Here(readWith);
  if (isLittle(jobs)) {
    for (const group of grouped(jobs)) yield* here.read(group);
    return;
  }
  const tasks: Task[] = grouped(jobs).map(group => ({ jobs: group, said: [], thread: null, wake: null }));
  // Members of an archive, and objects in S3, are read where their reader is.
  const forThreads = tasks.filter(task => !isHere(task));
  let given = 0;
  let taken = 0;
  const threads = Array.from({ length: Math.min(count, forThreads.length) }, () => startThread(readWith));
  const give = () => {
    for (const thread of threads) {
      const task = forThreads[given];
      if (!task || given >= taken + ahead * threads.length) return;
      if (thread.task !== null) continue;
      given += 1;
      task.thread = thread.worker;
      thread.task = task;
      thread.worker.postMessage(task.jobs);
    }
  };
  for (const thread of threads) {
    const hear = (said: Said) => {
      const { task } = thread;
      task?.said.push(said);
      if ('error' in said || said.ended) thread.task = null;
      give();
      task?.wake?.();
    };
    thread.worker.on('message', hear);
    thread.worker.on('error', error => {
      hear({ error: { file: thread.task?.jobs[0]?.input.file ?? '', message: error.message } });
    });
  }
  give();
  try {
    for (const task of tasks) {
      if (isHere(task)) {
        yield* here.read(task.jobs);
        continue;
      }
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
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}

function isHere({ jobs }: Task): boolean {
  return jobs.some(({ input }) => input.bytes !== undefined);
}

function startThread(workerData: ReadWith): { worker: Thread; task: Task | null } {
  const file = join(import.meta.dirname, `thread${extname(import.meta.filename)}`);
  const worker = new Thread(file, {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
  });
  return { worker, task: null };
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
    const { size, export: isExport } = job.input;
    const alone = isExport || (open[0]?.input.bytes === undefined) !== (job.input.bytes === undefined);
    if (alone || open.length === mostJobs || bytes + size > mostBytes) close();
    open.push(job);
    bytes += size;
    if (isExport) close();
  }
  close();
  return groups;
}
