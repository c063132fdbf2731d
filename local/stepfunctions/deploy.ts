import type { Authorizer, Caller } from '../contract.ts';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import { type Deployment, readDefinition } from '../template/deployment.ts';
import { partitionOf } from '../template/names.ts';
import { Unsupported } from '../template/unsupported.ts';
import { checkDefinition } from './check.ts';
import type { DeployedMachine } from './executions.ts';
import { lambdaTasks } from './task.ts';

/**
 * The state machines of the production stack, their definitions checked.
 * @throws Unsupported for what the interpreter would ignore, and for a task whose function is not in the stack
 */
export function deployMachines(
  deployment: Deployment,
  functions: Map<string, LambdaFunction>,
  authorizer: Authorizer,
  callerOf: (roleArn: string) => Caller,
): DeployedMachine[] {
  return deployment.of('AWS::StepFunctions::StateMachine').map(declared => {
    const checked = checkDefinition(
      readDefinition(deployment.stack, declared),
      partitionOf(deployment.region),
    );
    for (const [state, functionArn] of checked.tasks) {
      if (!functions.has(functionArn)) {
        throw new Unsupported(`state ${state} invokes ${functionArn}, which is no function of the stack`);
      }
    }
    const { RoleArn } = declared.properties;
    return {
      ...checked,
      arn: declared.arn,
      name: declared.name,
      roleArn: RoleArn,
      region: deployment.region,
      createdAt: Date.now() / 1000,
      runTask: lambdaTasks(functions, callerOf(RoleArn), authorizer, declared.arn),
    };
  });
}
