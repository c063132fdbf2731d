import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';
import { clean } from '../views/text/clean.ts';

/** Starts an execution that timed out or was stopped where it ended. Throws CliError for one that cannot be. */
export async function redrive(execution: string, { sfn, outputs }: Deployment): Promise<void> {
  const named = `${outputs.StateMachineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
  const executionArn = execution.startsWith('arn:') ? execution : named;
  await sfn.send(new RedriveExecutionCommand({ executionArn })).catch(error => {
    throw new CliError(
      `${clean(execution)} is neither an entry in quarantine nor an execution that can be redriven (${error.name})`,
      1,
      error,
    );
  });
}
