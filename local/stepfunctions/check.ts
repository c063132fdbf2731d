import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import { asArray, asObject, asString, isObject, type JsonObject } from '../template/json.ts';
import { Unsupported } from '../template/unsupported.ts';

const topLevel = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'];
const paths = ['InputPath', 'OutputPath'];
const onward = ['Next', 'End'];

/** The fields the interpreter acts on, state by state. It ignores all others in silence, so they are refused here. */
const fields: Record<string, string[]> = {
  Task: [
    'Resource',
    'Parameters',
    'ResultSelector',
    'ResultPath',
    'TimeoutSeconds',
    'Retry',
    'Catch',
    ...paths,
    ...onward,
  ],
  Choice: ['Choices', 'Default', ...paths],
  Pass: ['Result', 'ResultPath', 'Parameters', ...paths, ...onward],
  Wait: ['Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath', ...paths, ...onward],
  Succeed: paths,
  Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
};
const retrier = [
  'Comment',
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
];
const catcher = ['Comment', 'ErrorEquals', 'Next', 'ResultPath'];

/** What the context object holds here; `$$.State` and the rest of AWS's are not there. */
const contextPaths = [
  '$$.Execution.Id',
  '$$.Execution.Name',
  '$$.Execution.RoleArn',
  '$$.Execution.StartTime',
  '$$.StateMachine.Id',
  '$$.StateMachine.Name',
];

export interface CheckedDefinition {
  definition: StateMachineDefinition;
  /** the functions its tasks invoke: state -> ARN */
  tasks: Map<string, string>;
}

/**
 * A definition the local interpreter runs as AWS would.
 * @throws Unsupported naming the state and field that it would ignore or that AWS would be called for.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */
export function checkDefinition(definition: JsonObject, partition: string): CheckedDefinition {
  only(definition, topLevel, 'the definition');
  language(definition, 'the definition');
  const tasks = new Map<string, string>();
  for (const [name, value] of Object.entries(asObject(definition.States, 'States'))) {
    const state = asObject(value, `state ${name}`);
    const type = asString(state.Type, `the type of state ${name}`);
    const known = fields[type];
    if (!known) throw new Unsupported(`state ${name} of type ${type}`);
    language(state, `state ${name}`);
    only(state, ['Type', 'Comment', 'QueryLanguage', ...known], `state ${name}`);
    for (const entry of asArray(state.Retry ?? [], 'Retry'))
      only(entry, retrier, `a retrier of state ${name}`);
    for (const entry of asArray(state.Catch ?? [], 'Catch'))
      only(entry, catcher, `a catcher of state ${name}`);
    checkContext(state, name);
    if (type === 'Task') tasks.set(name, invokedFunction(state, name, partition));
  }
  return { definition: definition as unknown as StateMachineDefinition, tasks };
}

function only(value: unknown, known: string[], what: string): void {
  for (const field of Object.keys(asObject(value, what))) {
    if (!known.includes(field)) throw new Unsupported(`${field} of ${what}`);
  }
}

function language(value: JsonObject, what: string): void {
  const language = value.QueryLanguage ?? 'JSONPath';
  if (language !== 'JSONPath') throw new Unsupported(`QueryLanguage ${language} of ${what}`);
}

// A resource of another partition ends an execution on AWS in States.Runtime, which nothing catches.
function invokedFunction(state: JsonObject, name: string, partition: string): string {
  if (state.Resource !== `arn:${partition}:states:::lambda:invoke`) {
    throw new Unsupported(`Resource ${state.Resource} of state ${name} in partition ${partition}`);
  }
  const parameters = asObject(state.Parameters, `Parameters of state ${name}`);
  only(parameters, ['FunctionName', 'Payload', 'Payload.$'], `Parameters of state ${name}`);
  return asString(parameters.FunctionName, `FunctionName of state ${name}`);
}

function checkContext(value: unknown, state: string): void {
  if (typeof value === 'string') {
    for (const [path] of value.matchAll(/\$\$[.\w]*/g)) {
      if (!contextPaths.includes(path)) throw new Unsupported(`context path ${path} in state ${state}`);
    }
  } else if (Array.isArray(value)) {
    for (const item of value) checkContext(item, state);
  } else if (isObject(value)) {
    for (const item of Object.values(value)) checkContext(item, state);
  }
}
