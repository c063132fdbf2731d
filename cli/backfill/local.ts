import { setTimeout as delay } from 'node:timers/promises';
import type { Cloud } from '@roletrail/local';
import type { Context } from '../context.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { exitCode, Interrupted } from '../failure.ts';
import { deadLetters } from '../quarantine/dead-letters.ts';
import { startedSince } from '../queries/executions.ts';
import { countOf, quarantinedSince } from '../queries/quarantined.ts';
import { plural } from '../views/text/format.ts';

/** Waits until the embedded cloud has worked off what was sent, and tells how it ended. Resolves to the exit status. */
export async function workedOff(
  cloud: Cloud,
  deployment: Deployment,
  began: Date,
  { screen, signal }: Context,
): Promise<number> {
  const idle = cloud.idle().then(() => true);
  // After Ctrl-C the cloud is closed before it is idle.
  idle.catch(() => {});
  while (!(await Promise.race([idle, delay(500, false)]))) {
    if (signal.aborted)
      throw new Interrupted('stopped; the messages already sent wait in the queue of the state folder');
    const { messages, executions } = cloud.activity();
    screen.progress(`processing: ${plural(messages, 'message')} and ${plural(executions, 'execution')} left`);
  }
  screen.endProgress();
  const ended = { SUCCEEDED: 0, FAILED: 0 };
  for (const { status } of await startedSince(deployment, began.toISOString()))
    ended[status === 'SUCCEEDED' ? status : 'FAILED'] += 1;
  const quarantined = countOf(await quarantinedSince(deployment, began, () => true));
  const dead = await deadLetters(cloud);
  screen.line(
    `${plural(ended.SUCCEEDED + ended.FAILED, 'execution')}: ${ended.FAILED} failed; ${quarantined} in quarantine; ${dead} in the dead letter queues`,
  );
  return ended.FAILED + quarantined + dead > 0 ? exitCode.attention : exitCode.done;
}
