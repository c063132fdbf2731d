import { setTimeout as delay } from 'node:timers/promises';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { isTrailKey } from '../../core/records/log-key.ts';
import type { Arrival } from '../../steps/intake/arrival.ts';
import { startsFor } from '../../steps/intake/starts.ts';
import { reasonOf } from '../../steps/runtime/errors.ts';
import { quarantineObject } from '../../steps/store/quarantine-store.ts';
import type { Refusal } from '../../steps/transport/payloads.ts';
import { WorkData } from '../../steps/transport/work-data.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError, Interrupted } from '../failure.ts';
import type { Screen } from '../views/text/screen.ts';
import { messageArrival, storedLog } from './aws-arrivals.ts';
import { ExecutionCollector } from './execution-collector.ts';
import { type Input, type Inputs, readInput, readKind } from './inputs.ts';
import { progressText, TimeLeft } from './progress.ts';
import { type Replayed, replayed } from './replayed.ts';

export interface AwsReplay {
  deployment: Deployment;
  screen: Screen;
  signal: AbortSignal;
}

/** Of a file that a deployed stack would not take: it is not stored, in a bucket of evidence, for nothing. */
const notOfATrail = {
  error: 'NotATrailKey',
  message:
    'a deployed stack accepts only files below AWSLogs/ with the names that CloudTrail gave them: replay the folder that holds AWSLogs, or leave out --target aws',
};

/** Inputs of one execution. */
const batchSize = 100;

/** Stores the log files, starts executions over them and over the messages, and waits for their end. */
export async function replayOnAws(inputs: Inputs, options: AwsReplay): Promise<Replayed> {
  const { screen, signal } = options;
  try {
    return await new AwsDelivery(options).replay(inputs);
  } catch (error) {
    if (signal.aborted)
      throw new Interrupted('stopped; executions that were started continue: roletrail executions');
    throw error;
  } finally {
    screen.endProgress();
  }
}

class AwsDelivery {
  readonly #options: AwsReplay;
  readonly #began = new Date();
  readonly #stamp = this.#began.toISOString().replace(/[-:.]/g, '');
  readonly #collector: ExecutionCollector;
  readonly #arns: string[] = [];
  readonly #refusals: Refusal[] = [];
  #arrivals: Arrival[] = [];
  #files = 0;
  readonly #timeLeft = new TimeLeft();
  #started = 0;
  #digests = 0;

  constructor(options: AwsReplay) {
    this.#options = options;
    this.#collector = new ExecutionCollector(options.deployment);
  }

  async replay(inputs: Inputs): Promise<Replayed> {
    const { deployment, screen, signal } = this.#options;
    for (const [index, input] of inputs.deliver.entries()) {
      signal.throwIfAborted();
      await this.#take(input);
      if (this.#arrivals.length >= batchSize) await this.#start();
      screen.progress(this.#progress(index + 1, inputs.deliver.length, 0));
    }
    await this.#start();
    await this.#quarantineRefused();
    await this.#wait(inputs.deliver.length);
    return replayed(deployment, this.#collector, {
      began: this.#began,
      files: this.#files,
      others: inputs.others,
      digests: { records: [], unchecked: this.#digests },
      problems: [],
      // The deployed watch tells by itself, when its grace period is over.
      alerts: [],
      fileOf: () => null,
      alsoMine: execution => execution === this.#quarantineName,
    });
  }

  get #quarantineName(): string {
    return `replay-${this.#stamp}-refused`;
  }

  async #take(input: Input): Promise<void> {
    const kind = readKind(input);
    // Below another name a digest proves nothing.
    if (kind.kind === 'digest') {
      this.#digests += 1;
      return;
    }
    if (kind.kind === 'log' && !isTrailKey(input.key)) {
      this.#refusals.push({ step: 'Replay', ...notOfATrail, source: input.file });
      return;
    }
    if (kind.kind === 'log') {
      this.#arrivals.push(await storedLog(this.#options.deployment, input, this.#stamp));
      this.#files += 1;
      return;
    }
    const body = readInput(input).toString('utf8');
    try {
      this.#arrivals.push(messageArrival(this.#options.deployment, input, body, this.#began));
    } catch (error) {
      this.#refusals.push({ step: 'Intake', ...reasonOf(error), source: input.file, raw: body });
    }
  }

  async #start(): Promise<void> {
    const { deployment, screen } = this.#options;
    const { sfn, s3, outputs } = deployment;
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    for (const planned of startsFor(arrivals, new Date())) {
      const name = `replay-${this.#stamp}-${this.#started + 1}`;
      const { input } = await planned.build(new WorkData(s3, outputs.WorkBucketName, name));
      this.#started += 1;
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({
          stateMachineArn: outputs.StateMachineArn,
          name,
          input: JSON.stringify(input),
        }),
      );
      if (!executionArn) throw new CliError(`${name} was started, but AWS returned no ARN`);
      this.#arns.push(executionArn);
      screen.error(deployment.consoleOf?.(executionArn) ?? executionArn);
    }
  }

  /** What no execution can take is kept like what intake refuses. */
  async #quarantineRefused(): Promise<void> {
    if (this.#refusals.length === 0) return;
    const { s3, outputs } = this.#options.deployment;
    const at = new Date().toISOString();
    const header = {
      execution: this.#quarantineName,
      at,
      count: this.#refusals.length,
      failure: null,
      input: null,
    };
    await quarantineObject(s3, outputs.WorkBucketName, header, this.#refusals);
  }

  async #wait(of: number): Promise<void> {
    const { screen, signal } = this.#options;
    let pause = 200;
    for (;;) {
      const running = await this.#collector.look(this.#arns);
      if (running.length === 0) return;
      screen.progress(this.#progress(of, of, running.length));
      await delay(pause, undefined, { signal });
      pause = Math.min(5000, pause * 1.5);
    }
  }

  #progress(delivered: number, of: number, running: number): string {
    return progressText({
      delivered,
      of,
      running,
      collector: this.#collector,
      began: this.#began,
      timeLeft: this.#timeLeft,
    });
  }
}
