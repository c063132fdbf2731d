import { setTimeout as delay } from 'node:timers/promises';
import { type Cloud, readPublished } from '@roletrail/local';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { type Deployment, localDeployment } from '../deployment/deployment.ts';
import { clearState, openState, prepareState, takeState } from '../deployment/local-cloud.ts';
import { diskFullSentence, isDiskFull } from '../deployment/unusable-folder.ts';
import { CliError, Interrupted } from '../failure.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { deadLetters } from '../quarantine/dead-letters.ts';
import { startedSince } from '../queries/executions.ts';
import { standingAlerts } from '../queries/standing-alerts.ts';
import { plural } from '../views/text/format.ts';
import type { Screen } from '../views/text/screen.ts';
import { Delivery } from './delivery.ts';
import { checkedDigests, type Planned, planDigests } from './digests.ts';
import { ExecutionCollector } from './execution-collector.ts';
import { FunctionErrors } from './function-errors.ts';
import { keepRefused, refusedName } from './keep-refused.ts';
import { progressText, TimeLeft } from './progress.ts';
import { type Replayed, replayed } from './replayed.ts';
import { undeliveredSentences } from './undelivered.ts';

export interface LocalReplay {
  /** made when the state folder is taken, and the inputs are known */
  config: (inputs: Inputs) => Promise<RoletrailConfig>;
  state: string;
  /** forgets what the folder held before */
  fresh?: boolean | undefined;
  screen: Screen;
  signal: AbortSignal;
  /** files with the public keys that digests among the inputs are checked with */
  digestKeys?: readonly string[];
}

/** Milliseconds between two looks at the executions. */
const lookEvery = 500;

/**
 * Replays through the embedded cloud's front door. `find`: finds the inputs, once the state folder is taken. The cloud is there as long
 * as `work` takes, which calls `run` once.
 * Throws Interrupted when the signal comes while it runs; the state is kept.
 */
export async function replayLocally<T>(
  find: () => Promise<Inputs>,
  options: LocalReplay,
  work: (run: () => Promise<Replayed>, deployment: Deployment, inputs: Inputs) => Promise<T>,
): Promise<T> {
  const { state, fresh, screen, signal, digestKeys = [] } = options;
  const release = takeState(state);
  let cloud: Cloud | undefined;
  try {
    if (fresh) clearState(state, release);
    screen.progress('looking into the files…');
    const inputs = await find();
    const config = await options.config(inputs);
    screen.progress('preparing the stack…');
    await prepareState(state, config, release);
    const planned = await planDigests(inputs, state, digestKeys);
    const running = await openState(state, 0, release);
    cloud = running;
    // Nobody waits for it: a function that cannot be loaded says so when it is invoked.
    void running.load();
    const deployment = localDeployment(running);
    const run = () => drive(running, deployment, { ...inputs, ...planned }, { ...options, config });
    return await work(run, deployment, inputs);
  } catch (error) {
    if (signal.aborted) throw new Interrupted(`stopped; what was processed so far is kept in ${state}`);
    if (isDiskFull(state)) throw new CliError(diskFullSentence(state), 1, error);
    throw error;
  } finally {
    screen.endProgress();
    await cloud?.close();
    release();
  }
}

async function drive(
  cloud: Cloud,
  deployment: Deployment,
  inputs: Omit<Inputs, 'heads'> & Planned,
  { config, state, screen, signal }: Omit<LocalReplay, 'config'> & { config: RoletrailConfig },
): Promise<Replayed> {
  const errors = new FunctionErrors();
  cloud.onLog((name, line) => errors.take(name, line));
  const delivery = new Delivery(cloud, deployment, config, trailQueue(cloud), inputs);
  const collector = new ExecutionCollector(deployment);
  const givenUpBefore = await deadLetters(cloud);
  const began = new Date();
  const look = async (): Promise<string[]> => {
    const started = await startedSince(deployment, began.toISOString());
    const [running = [], ended = []] = [true, false].map(still =>
      started.filter(({ status }) => (status === 'RUNNING') === still).map(({ arn }) => arn),
    );
    // What is shown of an execution is read from its history, which is long: only once it has ended.
    return [...running, ...(await collector.look(ended))];
  };
  const timeLeft = new TimeLeft();
  const show = (delivered: number, running: number) => {
    const moved = { ...cloud.moved(deployment.outputs.TrailBucketName), of: delivery.bytes };
    const of = inputs.deliver.length;
    screen.progress(progressText({ delivered, of, running, collector, began, timeLeft, moved }));
  };

  let looked = Date.now();
  for (const [index, input] of inputs.deliver.entries()) {
    signal.throwIfAborted();
    await delivery.deliver(input);
    if (Date.now() - looked < lookEvery) continue;
    show(index + 1, (await look()).length);
    looked = Date.now();
  }
  await keepRefused(deployment, began, [...inputs.refused, ...delivery.refused]);
  const idle = cloud.idle().then(() => true);
  // After Ctrl-C the cloud is closed before it is idle, and nobody waits for that any more.
  idle.catch(() => {});
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // Nobody may be listening when the signal comes after the last wait.
  aborted.catch(() => {});
  while (!(await Promise.race([idle, aborted, delay(lookEvery, false)]))) {
    show(inputs.deliver.length, (await look()).length);
  }
  const running = await look();
  if (running.length > 0) throw new CliError(`${plural(running.length, 'execution')} did not end`);
  const givenUp = (await deadLetters(cloud)) - givenUpBefore;
  const undelivered = cloud.undelivered();
  const stuck = [...delivery.problems, ...undeliveredSentences(undelivered)];
  const problems = givenUp > 0 ? [deadLetterSentence(givenUp), ...stuck, ...errors.sentences] : stuck;
  // Nothing more is to come: what is unlinked now is what the schedule would alert on.
  await cloud.tick().catch(error => problems.push(`no alerts: ${(error as Error).message}`));
  return replayed(deployment, collector, {
    alerts: standingAlerts(readPublished(state)),
    began,
    files: delivery.files,
    others: inputs.others,
    digests: {
      records: await checkedDigests(delivery.digests, deployment, began),
      unchecked: inputs.unchecked,
    },
    problems,
    notes: delivery.notes,
    givenUp: Math.max(0, givenUp) + undelivered.filter(({ deadLetters }) => deadLetters === null).length,
    fileOf: message => delivery.sent.fileOf(message),
    alsoMine: execution => execution === refusedName(began) || /^(?:intake|withheld)-/.test(execution),
  });
}

// Errors that functions logged explain what was given up; those that a retry made good are nobody's concern.
function deadLetterSentence(count: number): string {
  return `${plural(count, 'message')} could not be processed: look at the dead letter queue`;
}

function trailQueue(cloud: Cloud): string {
  for (const outputs of Object.values(cloud.outputs)) {
    if (outputs.TrailQueueUrl) return outputs.TrailQueueUrl;
  }
  throw new CliError('the embedded stack has no output TrailQueueUrl');
}
