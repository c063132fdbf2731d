import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import { Unsupported } from '../../contract.ts';
import { asArray, asObject, asString, isObject, type JsonObject } from '../../template/json.ts';

const paths = ['InputPath', 'OutputPath'];
const onward = ['Next', 'End'];

/**
 * What a definition may hold, state by state: what the interpreter acts on. It ignores all else in silence, so that is refused
 * here. The context object has no `$$.State` and no other of AWS's paths.
 */
export const statesLanguage = {
  queryLanguage: 'JSONPath',
  definition: ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'],
  states: {
    Task: [
      ...['Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'TimeoutSeconds', 'Retry', 'Catch'],
      ...[...paths, ...onward],
    ],
    Choice: ['Choices', 'Default', ...paths],
    Pass: ['Result', 'ResultPath', 'Parameters', ...paths, ...onward],
    Wait: ['Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath', ...paths, ...onward],
    Succeed: paths,
    Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
  } as Record<string, string[]>,
  everyState: ['Type', 'Comment', 'QueryLanguage'],
  retrier: [
    ...['Comment', 'ErrorEquals', 'IntervalSeconds', 'MaxAttempts'],
    ...['BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'],
  ],
  catcher: ['Comment', 'ErrorEquals', 'Next', 'ResultPath'],
  context: [
    ...['$$.Execution.Id', '$$.Execution.Name', '$$.Execution.RoleArn', '$$.Execution.StartTime'],
    ...['$$.StateMachine.Id', '$$.StateMachine.Name'],
  ],
};

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
  only(definition, statesLanguage.definition, 'the definition');
  language(definition, 'the definition');
  const tasks = new Map<string, string>();
  for (const [name, value] of Object.entries(asObject(definition.States, 'States'))) {
    const state = asObject(value, `state ${name}`);
    const type = asString(state.Type, `the type of state ${name}`);
    const known = Object.hasOwn(statesLanguage.states, type) ? statesLanguage.states[type] : undefined;
    if (!known) throw new Unsupported(`state ${name} of type ${type}`);
    language(state, `state ${name}`);
    only(state, [...statesLanguage.everyState, ...known], `state ${name}`);
    for (const entry of asArray(state.Retry ?? [], 'Retry'))
      only(entry, statesLanguage.retrier, `a retrier of state ${name}`);
    for (const entry of asArray(state.Catch ?? [], 'Catch'))
      only(entry, statesLanguage.catcher, `a catcher of state ${name}`);
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
  const language = value.QueryLanguage ?? statesLanguage.queryLanguage;
  if (language !== statesLanguage.queryLanguage)
    throw new Unsupported(`QueryLanguage ${language} of ${what}`);
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
      if (!statesLanguage.context.includes(path))
        throw new Unsupported(`context path ${path} in state ${state}`);
    }
  } else if (Array.isArray(value)) {
    for (const item of value) checkContext(item, state);
  } else if (isObject(value)) {
    for (const item of Object.values(value)) checkContext(item, state);
  }
}
