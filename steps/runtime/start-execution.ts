import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { AuditInput } from '../transport/payloads.ts';

/** What an execution is started with. */
export interface Start {
  name: string;
  input: AuditInput;
}

/** Starts an execution. One of that name that ran or runs already is the same start, made twice: false. */
export async function startExecution(
  sfn: SFNClient,
  stateMachineArn: string,
  { name, input }: Start,
): Promise<boolean> {
  try {
    await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    return true;
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
    return false;
  }
}
