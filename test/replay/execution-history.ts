import { paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';

/** States an execution entered (each is a transition that Standard bills) and functions it invoked. */
export async function historyOf(
  sfn: SFNClient,
  executionArn: string,
): Promise<{ states: number; invocations: number }> {
  let states = 0;
  let invocations = 0;
  for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn }, { executionArn })) {
    for (const { type = '' } of events) {
      if (type.endsWith('StateEntered')) states += 1;
      if (type === 'TaskScheduled' || type === 'LambdaFunctionScheduled') invocations += 1;
    }
  }
  return { states, invocations };
}
