import { type ExecutionListItem, ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';

/** The executions of a state machine, newest first, page by page (ListExecutions). */
export async function* executionsOf(
  sfn: SFNClient,
  stateMachineArn: string,
  statusFilter?: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE',
): AsyncGenerator<ExecutionListItem> {
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new ListExecutionsCommand({
        stateMachineArn,
        maxResults: 100,
        ...(statusFilter ? { statusFilter } : {}),
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    yield* page.executions ?? [];
    nextToken = page.nextToken;
  } while (nextToken);
}

/** An execution as the list has it. */
export interface Listed {
  arn: string;
  running: boolean;
}

/** Those started at or after a time, in the order they were started. */
export async function startedSince(sfn: SFNClient, stateMachineArn: string, since: Date): Promise<Listed[]> {
  const listed: Listed[] = [];
  for await (const { startDate, executionArn, status } of executionsOf(sfn, stateMachineArn)) {
    if (!startDate || startDate < since) break;
    if (executionArn) listed.unshift({ arn: executionArn, running: status === 'RUNNING' });
  }
  return listed;
}
