import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../template/json.ts';
import { appendLine } from './files.ts';

/** What a function published: an event on the default bus, or a message to a topic. */
export type Published =
  | { service: 'events'; at: string; event: JsonObject }
  | {
      service: 'sns';
      at: string;
      messageId: string;
      topicArn: string;
      subject: string | null;
      message: string;
    };

const fileName = 'events.ndjson';

/** Keeps what functions published, a line each, in order. */
export class PublishedLog {
  readonly #file: string;

  /** `state`: the folder the cloud's state lives in */
  constructor(state: string) {
    this.#file = join(state, fileName);
  }

  add(entry: Published): void {
    appendLine(this.#file, entry);
  }
}

/** Everything that functions have published in a state folder so far, oldest first. */
export function readPublished(state: string): Published[] {
  const file = join(state, fileName);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Published);
}
