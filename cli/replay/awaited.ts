import { decodeMessage } from '../../steps/intake/messages/decode.ts';
import { readRecords } from '../../steps/transport/frames.ts';
import type { Refusal } from '../../steps/transport/payloads.ts';
import type { WorkData } from '../../steps/transport/work-data.ts';

import type { Input } from '../inputs/input.ts';
import type { Outcome } from './outcome.ts';

type Source = Pick<Input, 'file'>;

/**
 * The sources that a replay sent and that no execution and no quarantine has shown yet. Executions name the log files and messages
 * that they were started with, and refusals their message: a source that comes twice, or in another batch, is found all the same.
 */
export class Awaited {
  readonly #workData: WorkData;
  readonly #inputs = new Map<string, Source>();

  constructor(workData: WorkData) {
    this.#workData = workData;
  }

  get size(): number {
    return this.#inputs.size;
  }

  get files(): string[] {
    return [...new Set([...this.#inputs.values()].map(({ file }) => file))];
  }

  addFile(bucket: string, key: string, input: Source): void {
    this.#inputs.set(`s3://${bucket}/${key}`, input);
  }

  /** A notice leads to its log files. One that names none, or only says that a topic is there, leads to nothing. */
  addMessage(id: string, body: string, input: Source): void {
    try {
      const message = decodeMessage(body);
      if (message.kind === 'nothing') return;
      if (message.kind === 'objects') {
        for (const { bucket, key } of message.objects) this.addFile(bucket, key, input);
        return;
      }
    } catch {
      // Intake refuses it by name.
    }
    this.#inputs.set(`message ${id}`, input);
  }

  /** Takes out what an execution was started with. What it sent again, one by one, is awaited on. */
  async started({ input, sentAgain }: Outcome): Promise<void> {
    if (sentAgain > 0) return;
    if (input?.entry === 'objects') {
      for (const { bucket, key } of input.sources) this.#inputs.delete(`s3://${bucket}/${key}`);
    } else if (input?.entry === 'events') {
      const { sources, blocks } = await readRecords(this.#workData.read(input.data));
      await blocks.return(undefined);
      for (const { message } of sources) this.#inputs.delete(`message ${message}`);
    }
  }

  refused(refusals: readonly Refusal[]): void {
    for (const { source } of refusals) this.#inputs.delete(source);
  }
}
