import { type KeyAction, type Need, toStore } from '../../contract.ts';

/** What an execution's data takes of an encrypted machine's key. */
export const toRun = toStore;

/** What Step Functions asks of an encrypted machine's key for its caller (Step Functions guide, "Data at rest encryption"). */
const keyUse: Record<string, readonly KeyAction[]> = {
  StartExecution: toRun,
  RedriveExecution: toRun,
  DescribeExecution: ['kms:Decrypt'],
  GetExecutionHistory: ['kms:Decrypt'],
  DescribeStateMachine: ['kms:Decrypt'],
  DescribeStateMachineForExecution: ['kms:Decrypt'],
};

/** What a request needs on the execution or state machine it names. */
export function statesNeeds(operation: string, input: Record<string, unknown>): Need[] {
  const resource = input.executionArn ?? input.stateMachineArn ?? '*';
  const key = keyUse[operation];
  return [{ action: `states:${operation}`, resource: String(resource), ...(key && { key }) }];
}
