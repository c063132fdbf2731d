import { StateMachine as Interpreter } from 'aws-local-stepfunctions';
import { readDefinition, readDeployment } from '../template/deployment.ts';
import { partitionOf } from '../template/names.ts';
import { checkDefinition } from './check.ts';

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
