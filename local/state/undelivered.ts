import { join } from 'node:path';
import { appendLine } from './files.ts';

/** What a service could not deliver, and why. AWS tells nobody. */
export interface Undelivered {
  at: string;
  /** ARN of the rule or topic it came from */
  from: string;
  /** ARN of the topic or queue it did not reach */
  to: string;
  reason: string;
  /** ARN of the dead letter queue it is in; null: nothing but this entry has it any more */
  deadLetters: string | null;
}

/** Keeps what was not delivered, a line each, in `undelivered.ndjson` of the state folder. */
export class UndeliveredLog {
  readonly #file: string;
  readonly #since: Undelivered[] = [];

  /** `folder`: where the cloud's state lives */
  constructor(folder: string) {
    this.#file = join(folder, 'undelivered.ndjson');
  }

  /** The message itself goes to the file alone: a cloud that is kept running must not hold them all. */
  add({ body, ...message }: Omit<Undelivered, 'at'> & { body: string }): void {
    const entry = { at: new Date().toISOString(), ...message };
    appendLine(this.#file, { ...entry, body });
    this.#since.push(entry);
  }

  /** All since the start, oldest first. */
  all(): Undelivered[] {
    return [...this.#since];
  }
}
