import { type Command, Option } from 'commander';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';
import type { AskedStore } from '../queries/store.ts';
import { traceIn } from '../trace/state/traced.ts';

/** Where a command looks: a state, or a deployment on AWS. */
export interface TargetOptions {
  target: 'local' | 'aws';
  state: string;
  outputs: string;
}

/** For commands that ask what a replay or a trace has found. */
export function withStoreOptions(command: Command): Command {
  return withOptions(command, 'what was replayed or traced last: a state folder, or the file of a trace');
}

/** For commands that act on a deployment. */
export function withTargetOptions(command: Command): Command {
  return withOptions(command, 'folder for the state of the embedded cloud');
}

function withOptions(command: Command, state: string): Command {
  return command
    .addOption(
      new Option('--target <where>', 'the embedded cloud, or the deployed stack')
        .choices(['local', 'aws'])
        .default('local'),
    )
    .option('--state <path>', state, '.roletrail')
    .option('--outputs <file>', 'with --target aws: what "cdk deploy --outputs-file" wrote', 'outputs.json');
}

/** Runs the work against the deployment that the options name, and closes what was opened for it. Throws CliError for a trace. */
export async function onTarget<T>(
  { target, state, outputs }: TargetOptions,
  work: (deployment: Deployment) => Promise<T>,
): Promise<T> {
  const traced = target === 'local' ? traceIn(state) : null;
  if (traced !== null)
    throw new CliError(
      `${traced} is a trace's, which ran no state machine: roletrail replay PATH runs one, and --state names its folder`,
    );
  const { onAws, onState } = await import('../deployment/open.ts');
  return target === 'aws' ? onAws(outputs, work) : onState(state, work);
}

/** Runs the work against the store that the options name: a deployment's, or that of a trace. */
export async function onStore<T>(
  options: TargetOptions,
  work: (store: AskedStore) => Promise<T>,
): Promise<T> {
  const traced = options.target === 'local' ? traceIn(options.state) : null;
  if (traced === null) return onTarget(options, work);
  const { onTrace } = await import('../trace/asked.ts');
  return onTrace(traced, work);
}

/** Whether a store is a deployment's, which runs executions and raises alerts: a trace's does neither. */
export function isDeployment(store: AskedStore): store is Deployment {
  return 'sqs' in store;
}
