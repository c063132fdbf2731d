import { GetExecutionHistoryCommand, type SFNClient } from '@aws-sdk/client-sfn';

/** States an execution entered (each is a transition that Standard bills) and functions it invoked. */
export async function historyOf(
  sfn: SFNClient,
  executionArn: string,
): Promise<{ states: number; invocations: number }> {
  let states = 0;
  let invocations = 0;
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, ...(nextToken ? { nextToken } : {}) }),
    );
    for (const { type = '' } of page.events ?? []) {
      if (type.endsWith('StateEntered')) states += 1;
      if (type === 'TaskScheduled' || type === 'LambdaFunctionScheduled') invocations += 1;
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return { states, invocations };
}
