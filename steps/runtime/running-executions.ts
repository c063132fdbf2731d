import { ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';

/**
 * How many executions run, counted up to `most`. ListExecutions is eventually consistent, and costs nothing.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
 */
export async function runningExecutions(
  sfn: SFNClient,
  stateMachineArn: string,
  most: number,
): Promise<number> {
  let running = 0;
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new ListExecutionsCommand({
        ...{ stateMachineArn, statusFilter: 'RUNNING', maxResults: Math.min(most - running, 1_000) },
        ...(nextToken && { nextToken }),
      }),
    );
    running += page.executions?.length ?? 0;
    nextToken = page.nextToken;
  } while (nextToken && running < most);
  return running;
}
