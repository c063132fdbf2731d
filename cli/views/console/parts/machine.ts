import { isObject, type Json } from '../../../../core/records/read.ts';
import { CliError } from '../../../failure.ts';

/** Where the drawing begins and ends; no state's name has a blank before it. */
export const begin = ' start';
export const end = ' end';

export interface Transition {
  from: string;
  to: string;
  kind: 'next' | 'choice' | 'catch';
}

/** A state machine as it is drawn: its states in the order of the definition, and the ways between them. */
export interface Machine {
  states: { name: string; type: string; comment: string | null }[];
  transitions: Transition[];
}

/** Reads a definition (Amazon States Language) of Task, Choice, Pass, Wait, Succeed and Fail states. Throws CliError. */
export function readMachine(definition: string): Machine {
  const { StartAt, States } = JSON.parse(definition) as Json;
  if (typeof StartAt !== 'string' || !isObject(States)) throw new CliError('the definition has no states');
  const states = Object.entries(States).filter((entry): entry is [string, Json] => isObject(entry[1]));
  return {
    states: states.map(([name, { Type, Comment }]) => ({
      name,
      type: String(Type),
      comment: typeof Comment === 'string' ? Comment : null,
    })),
    transitions: distinct([
      { from: begin, to: StartAt, kind: 'next' },
      ...states.flatMap(([name, state]) => waysFrom(name, state)),
    ]),
  };
}

function waysFrom(from: string, state: Json): Transition[] {
  const targets = (list: unknown) => (Array.isArray(list) ? list.map(each => (each as Json).Next) : []);
  const ways: Transition[] = [];
  const add = (to: unknown, kind: Transition['kind']) => {
    if (typeof to === 'string') ways.push({ from, to, kind });
  };
  add(state.Next, 'next');
  for (const to of targets(state.Choices)) add(to, 'choice');
  add(state.Default, 'choice');
  for (const to of targets(state.Catch)) add(to, 'catch');
  if (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail') add(end, 'next');
  return ways;
}

function distinct(transitions: Transition[]): Transition[] {
  return [...new Map(transitions.map(each => [`${each.from}\n${each.to}\n${each.kind}`, each])).values()];
}
