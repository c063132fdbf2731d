import { runningCloud } from '@roletrail/local';
import { type Command, Option } from 'commander';
import { askableState } from '../deployment/askable-state.ts';
import {
  attachedDeployment,
  awsDeployment,
  type Deployment,
  localDeployment,
} from '../deployment/deployment.ts';
import { checkState, openState } from '../deployment/local-cloud.ts';
import { readOutputsFile } from '../deployment/outputs.ts';
import { CliError, hasEnded } from '../failure.ts';

/** Where a command looks: the embedded cloud's state folder, or a deployment on AWS. */
export interface TargetOptions {
  target: 'local' | 'aws';
  state: string;
  outputs: string;
}

export function withTargetOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--target <where>', 'the embedded cloud, or the deployed stack')
        .choices(['local', 'aws'])
        .default('local'),
    )
    .option('--state <folder>', 'folder for the state of the embedded cloud', '.roletrail')
    .option('--outputs <file>', 'with --target aws: what "cdk deploy --outputs-file" wrote', 'outputs.json');
}

/**
 * Runs the work against the deployment that the options name, and closes what was opened for it. A state folder that another
 * process has is asked by way of that process: a replay can be looked at while it runs.
 */
export async function onTarget<T>(
  options: TargetOptions,
  work: (deployment: Deployment) => Promise<T>,
): Promise<T> {
  if (options.target === 'aws') return work(awsDeployment(readOutputsFile(options.outputs)));
  checkState(options.state);
  const running = runningCloud(options.state);
  if (running) {
    return work(attachedDeployment(running)).catch(error => {
      if (!hasEnded(error)) throw error;
      throw new CliError(
        `process ${running.pid}, which used ${options.state}, has just ended: run the command again`,
      );
    });
  }
  const { folder, remove } = askableState(options.state);
  try {
    const cloud = await openState(folder, 0, undefined, options.state);
    try {
      return await work(localDeployment(cloud));
    } finally {
      await cloud.close();
    }
  } finally {
    remove();
  }
}
