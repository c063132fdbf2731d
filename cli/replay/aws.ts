import { setTimeout as delay } from 'node:timers/promises';
import { hourMillis, minuteMillis } from '../../core/records/times.ts';
import { replayedExecutions } from '../../steps/intake/starts.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { Interrupted } from '../failure.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { refusedSentence } from '../inputs/refused.ts';
import { startedSince } from '../queries/executions.ts';
import { quarantinedSince } from '../queries/quarantined.ts';
import { plural } from '../views/text/format.ts';
import type { Screen } from '../views/text/screen.ts';
import { AwsDelivery } from './aws-delivery.ts';
import { ExecutionCollector } from './execution-collector.ts';
import { progressText, TimeLeft } from './progress.ts';
import { type Replayed, replayed } from './replayed.ts';

export interface AwsReplay {
  deployment: Deployment;
  screen: Screen;
  signal: AbortSignal;
}

/** How long nothing may happen to what was sent, in milliseconds. A message that intake returned waits for less. */
const patience = 15 * minuteMillis;

/** Sends the files through the front door of a deployed stack, and waits until all are processed or refused. */
export async function replayOnAws(inputs: Inputs, options: AwsReplay): Promise<Replayed> {
  const { screen, signal } = options;
  try {
    return await drive(inputs, options);
  } catch (error) {
    if (signal.aborted)
      throw new Interrupted('stopped; the stack still processes what was sent (roletrail executions)');
    throw error;
  } finally {
    screen.endProgress();
  }
}

async function drive(
  { deliver, others, refused }: Inputs,
  { deployment, screen, signal }: AwsReplay,
): Promise<Replayed> {
  const began = new Date();
  // The stack's clock may be behind this machine's. What is this replay's has its stamp.
  const since = new Date(began.getTime() - hourMillis);
  const stamp = began.toISOString().replace(/[-:.]/g, '');
  const isMine = (name: string) => name.replace(/^intake-/, '').startsWith(replayedExecutions(stamp));
  const delivery = new AwsDelivery(deployment, stamp, signal);
  const { awaited, problems } = delivery;
  for (const source of refused) problems.push(refusedSentence(source));
  const collector = new ExecutionCollector(deployment, outcome => awaited.started(outcome));
  const timeLeft = new TimeLeft();
  const show = (delivered: number, running: number) =>
    screen.progress(progressText({ delivered, of: deliver.length, running, collector, began, timeLeft }));

  for (const [index, input] of deliver.entries()) {
    signal.throwIfAborted();
    await delivery.deliver(input);
    show(index + 1, 0);
  }
  await delivery.finish();

  const executions = new StartedExecutions({ deployment, screen, isMine, since });
  let [before, changed] = ['', Date.now()];
  for (let pause = 200; ; pause = Math.min(5000, pause * 1.5)) {
    const running = (await collector.look(await executions.list())).length;
    if (running === 0 && awaited.size > 0) {
      const refused = await quarantinedSince(deployment, since, isMine);
      for (const { refusals } of refused) awaited.refused(refusals);
    }
    if (running === 0 && awaited.size === 0) break;
    const now = `${running} ${collector.ended} ${awaited.size}`;
    if (now !== before) [before, changed] = [now, Date.now()];
    if (running === 0 && Date.now() - changed > patience) {
      problems.push(lostSentence(awaited.files));
      break;
    }
    show(deliver.length, running);
    await delay(pause, undefined, { signal });
  }
  return replayed(deployment, collector, {
    began,
    since,
    files: delivery.files,
    others: [...others, ...delivery.others],
    digests: { records: [], unchecked: delivery.digests },
    problems,
    // The deployed watch alerts by itself, when its grace period is over.
    alerts: [],
    fileOf: message => delivery.sent.fileOf(message),
    alsoMine: isMine,
  });
}

interface Listed {
  deployment: Deployment;
  screen: Screen;
  isMine: (name: string) => boolean;
  since: Date;
}

/** The executions that intake started over a replay's sources, each named when it is first seen. */
class StartedExecutions {
  readonly #options: Listed;
  readonly #arns = new Set<string>();
  #from: number;

  constructor(options: Listed) {
    this.#options = options;
    this.#from = options.since.getTime();
  }

  /** ARNs of all that were started. */
  async list(): Promise<string[]> {
    const { deployment, screen, isMine } = this.#options;
    const started = await startedSince(deployment, new Date(this.#from).toISOString());
    for (const { name, arn } of started) {
      if (!isMine(name) || this.#arns.has(arn)) continue;
      this.#arns.add(arn);
      screen.error(deployment.consoleOf?.(arn) ?? arn);
    }
    // The list is eventually consistent, and long where much is delivered: what was listed need not be listed again.
    const newest = started.at(-1)?.started;
    if (newest) this.#from = Math.max(this.#from, Date.parse(newest) - minuteMillis);
    return [...this.#arns];
  }
}

function lostSentence(files: readonly string[]): string {
  const named = files.slice(0, 5).join(', ');
  const more = files.length > 5 ? ` and ${(files.length - 5).toLocaleString('en-US')} more` : '';
  return `${plural(files.length, 'file')} sent, but for 15 minutes neither an execution nor the quarantine showed them: look at the dead letters with roletrail quarantine list (${named}${more})`;
}
