import { StateMachine as Interpreter } from 'aws-local-stepfunctions';
import { type Authorizer, type Caller, Unsupported } from '../../contract.ts';
import { type Deployment, readDefinition, readDeployment } from '../../template/deployment.ts';
import { partitionOf } from '../../template/names.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { checkDefinition } from './definition.ts';
import type { DeployedMachine } from './executions.ts';
import { lambdaTasks } from './task.ts';

/**
 * Holds the state machines of an assembly against the Amazon States Language. Compiling its schema takes a third of a
 * second, so that it is done when an assembly is made and not each time it is started.
 * @throws Unsupported as checkDefinition does, and an Error that names what the language does not allow
 */
export function checkMachines(assembly: string): void {
  const deployment = readDeployment(assembly);
  for (const declared of deployment.of('AWS::StepFunctions::StateMachine')) {
    const { definition } = checkDefinition(
      readDefinition(deployment.stack, declared),
      partitionOf(deployment.region),
    );
    new Interpreter(definition, { validationOptions: { checkArn: false } });
  }
}

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
        throw new Unsupported(`state ${state} invokes ${functionArn}, which is not a function of the stack`);
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
