import { createInterface } from 'node:readline';

/** What a contestant says of one run; `calls`: how many calls under the audited role it found, if it looked. */
export interface Answer {
  /** of the processor */
  seconds: number;
  calls: number | null;
  [figure: string]: number | null;
}

type Count = () => Promise<Pick<Answer, 'calls'> & Partial<Answer>>;

/**
 * A contestant runs in a process of its own: a line in (a JSON list of log files), a line of JSON out. What is
 * measured is the processor's time, of all threads: what a neighbour on the machine takes is nobody's. `work` returns
 * what counts its findings after that; it names the seconds itself where other processes took them.
 */
export function answer(work: (files: string[]) => Promise<Count>): void {
  answerAll(work).catch(error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
}

async function answerAll(work: (files: string[]) => Promise<Count>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const files = JSON.parse(line) as string[];
    const began = process.cpuUsage();
    const count = await work(files);
    const { user, system } = process.cpuUsage(began);
    const seconds = (user + system) / 1e6;
    process.stdout.write(`${JSON.stringify({ seconds, ...(await count()) })}\n`);
  }
}
