import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDefinition } from '../../../../local/services/stepfunctions/definition.ts';

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'arn:aws:lambda:eu-west-1:111122223333:function:F', 'Payload.$': '$' },
  End: true,
};
const withState = (state: object, top: object = {}) => ({ StartAt: 'S', States: { S: state }, ...top });

test('the audit flow runs here, and each of its tasks says which function it invokes', () => {
  const file = join(import.meta.dirname, '../../../../statemachine/audit.asl.json');
  const text = readFileSync(file, 'utf8')
    .replace(/\$\{(\w+)FunctionArn\}/g, 'arn:function:$1')
    .replace(/\$\{Partition\}/g, 'aws-cn');

  const { tasks } = checkDefinition(JSON.parse(text), 'aws-cn');

  expect(tasks.get('Fetch')).toBe('arn:function:Fetch');
  expect(tasks.get('QuarantineBatch')).toBe('arn:function:Quarantine');
  expect(tasks.size).toBe(9);
});

test.each([
  ['a JSONata definition', withState(task, { QueryLanguage: 'JSONata' }), 'QueryLanguage JSONata'],
  ['a JSONata state', withState({ ...task, QueryLanguage: 'JSONata' }), 'QueryLanguage JSONata of state S'],
  ['Assign', withState({ ...task, Assign: { a: 1 } }), 'Assign of state S'],
  ['Arguments', withState({ ...task, Arguments: {} }), 'Arguments of state S'],
  ['Output', withState({ Type: 'Pass', Output: {}, End: true }), 'Output of state S'],
  ['a heartbeat', withState({ ...task, HeartbeatSeconds: 5 }), 'HeartbeatSeconds of state S'],
  ['a timeout from a path', withState({ ...task, TimeoutSecondsPath: '$.t' }), 'TimeoutSecondsPath'],
  ['task tokens', withState({ ...task, Resource: `${task.Resource}.waitForTaskToken` }), 'waitForTaskToken'],
  [
    'another service',
    withState({ ...task, Resource: 'arn:aws:states:::sqs:sendMessage' }),
    'sqs:sendMessage',
  ],
  [
    'another partition',
    withState({ ...task, Resource: 'arn:aws-cn:states:::lambda:invoke' }),
    'Resource arn:aws-cn:states:::lambda:invoke of state S in partition aws',
  ],
  [
    'a bare function',
    withState({ ...task, Resource: task.Parameters.FunctionName }),
    'Resource arn:aws:lambda',
  ],
  ['a Map', withState({ Type: 'Map', ItemReader: {}, End: true }), 'state S of type Map'],
  ['a Parallel', withState({ Type: 'Parallel', Branches: [], End: true }), 'state S of type Parallel'],
  [
    'an asynchronous invocation',
    withState({ ...task, Parameters: { ...task.Parameters, InvocationType: 'Event' } }),
    'InvocationType of Parameters of state S',
  ],
  [
    'a context path that is not there',
    withState({ ...task, Parameters: { ...task.Parameters, 'Payload.$': '$$.State.RetryCount' } }),
    '$$.State.RetryCount',
  ],
  [
    'an unknown field of a retrier',
    withState({ ...task, Retry: [{ ErrorEquals: ['States.ALL'], Seconds: 1 }] }),
    'Seconds of a retrier of state S',
  ],
])('%s is refused by name', (_, definition, message) => {
  expect(() => checkDefinition(definition, 'aws')).toThrow(message);
});
