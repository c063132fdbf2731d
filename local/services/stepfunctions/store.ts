import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../hashes.ts';
import { appendLine, readLines } from '../../state/files.ts';
import { History, type HistoryEvent } from './history.ts';

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One execution as it is listed. Times are epoch seconds. */
export interface ExecutionRecord {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: Status;
  startDate: number;
  stopDate?: number;
  redriveCount: number;
  redriveDate?: number;
}

type IndexLine =
  | { record: ExecutionRecord }
  | { change: Partial<ExecutionRecord> & { executionArn: string } };

/**
 * Executions in a folder: `index.ndjson` (one line per start and change) and one append-only history per execution.
 * A process that died leaves both readable; what it was running is ABORTED when the folder is opened again.
 */
export class ExecutionStore {
  readonly #folder: string;
  readonly #index: string;
  readonly #records = new Map<string, ExecutionRecord>();
  /** in order of start */
  readonly #order: ExecutionRecord[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.#index = join(folder, 'index.ndjson');
    mkdirSync(join(folder, 'history'), { recursive: true });
    for (const line of readLines<IndexLine>(this.#index)) {
      if ('record' in line) this.#remember(line.record);
      else Object.assign(this.get(line.change.executionArn) ?? {}, line.change);
    }
    for (const record of this.#order) if (record.status === 'RUNNING') this.#abortLost(record);
  }

  get(executionArn: string): ExecutionRecord | undefined {
    return this.#records.get(executionArn);
  }

  /** Executions of a state machine in order of start; their place in the list never changes. */
  all(): readonly ExecutionRecord[] {
    return this.#order;
  }

  add(record: ExecutionRecord): void {
    appendLine(this.#index, { record } satisfies IndexLine);
    this.#remember(record);
  }

  change(executionArn: string, change: Partial<ExecutionRecord>): void {
    appendLine(this.#index, { change: { executionArn, ...change } } satisfies IndexLine);
    Object.assign(this.get(executionArn) ?? {}, change);
  }

  append(executionArn: string, event: HistoryEvent): void {
    appendLine(this.#historyFile(executionArn), event);
  }

  history(executionArn: string): HistoryEvent[] {
    return readLines<HistoryEvent>(this.#historyFile(executionArn));
  }

  #remember(record: ExecutionRecord): void {
    this.#records.set(record.executionArn, record);
    this.#order.push(record);
  }

  #abortLost(record: ExecutionRecord): void {
    const { executionArn } = record;
    const last = this.history(executionArn).at(-1);
    const lost: Status | undefined = last && endings[last.type];
    if (!lost) {
      const history = new History(event => this.append(executionArn, event), last?.id ?? 0);
      history.ended('ExecutionAborted', {
        error: 'Roletrail.ProcessEnded',
        cause: 'The process that ran this execution ended before it was done.',
      });
    }
    this.change(executionArn, { status: lost ?? 'ABORTED', stopDate: last?.timestamp ?? record.startDate });
  }

  #historyFile(executionArn: string): string {
    const [name = '', id = ''] = executionArn.split(':').slice(7);
    // Names are case-sensitive and may hold any letter: a file system need not agree.
    const plain = /^[0-9a-z][0-9a-z_.-]*$/.test(name) && id === '';
    const file = plain ? name : sha256(executionArn);
    return join(this.#folder, 'history', `${file}.ndjson`);
  }
}

/** The event an execution ends with -> its status. */
export const endings: Record<string, Status> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};
