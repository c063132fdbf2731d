import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Answer } from './contestants/answer.ts';

/** A contestant's process, kept between runs: what it has compiled and cached it keeps, as a warm function does. */
export class Contestant {
  readonly name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #out: Interface;
  #said = '';

  constructor(name: string, [program = '', ...words]: string[]) {
    this.name = name;
    this.#child = spawn(program, words);
    this.#child.stderr.setEncoding('utf8').on('data', text => {
      this.#said += text;
    });
    this.#child.on('error', error => {
      this.#said += error.message;
    });
    this.#out = createInterface({ input: this.#child.stdout });
    this.#lines = this.#out[Symbol.asyncIterator]();
  }

  /** Runs it once over the files. Throws with what it said when it ends instead. */
  async run(files: readonly string[]): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(files)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.name} gave no answer: ${this.#said.trim()}`);
    return JSON.parse(value) as Answer;
  }

  end(): void {
    this.#out.close();
    this.#child.kill();
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('no values, no median');
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
