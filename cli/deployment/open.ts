import { runningCloud } from '@roletrail/local';
import { CliError, hasEnded } from '../failure.ts';
import { askableState } from './askable-state.ts';
import { attachedDeployment, awsDeployment, type Deployment, localDeployment } from './deployment.ts';
import { checkState, openState } from './local-cloud.ts';
import { readOutputsFile } from './outputs.ts';

/** Works with the deployed stack that the file of outputs speaks of. */
export function onAws<T>(outputs: string, work: (deployment: Deployment) => Promise<T>): Promise<T> {
  return work(awsDeployment(readOutputsFile(outputs)));
}

/**
 * Works with the embedded cloud of a state folder, and closes what was opened for it. A folder that another process has is asked by
 * way of that process: a replay can be looked at while it runs.
 */
export async function onState<T>(state: string, work: (deployment: Deployment) => Promise<T>): Promise<T> {
  checkState(state);
  const running = runningCloud(state);
  if (running) {
    return work(attachedDeployment(running)).catch(error => {
      if (!hasEnded(error)) throw error;
      throw new CliError(
        `process ${running.pid}, which used ${state}, has just ended: run the command again`,
      );
    });
  }
  const { folder, remove } = askableState(state);
  try {
    const cloud = await openState(folder, 0, undefined, state);
    try {
      return await work(localDeployment(cloud));
    } finally {
      await cloud.close();
    }
  } finally {
    remove();
  }
}
