import type { Statement } from '../contract.ts';
import { arnParts, matchesArn, matchesWildcards } from '../wildcards.ts';
import { type Condition, meets, type RequestContext, unsupportedCondition } from './conditions.ts';

/** A statement that was checked and made ready: lower-case actions, conditions as a list. */
export interface Grant {
  effect: 'Allow' | 'Deny';
  actions: { not: boolean; patterns: string[] };
  resources: { not: boolean; patterns: string[] };
  conditions: Condition[];
}

/** A policy holds something that cannot be evaluated for local requests. It is refused before anything runs. */
export class UnsupportedPolicy extends Error {
  override name = 'UnsupportedPolicy';
}

const elements = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

/** Reads one resolved statement of a role's policy. Throws {@link UnsupportedPolicy} naming `role` and the element. */
export function readStatement(statement: Statement, role: string): Grant {
  const refuse = (what: string): never => {
    throw new UnsupportedPolicy(`the policy of ${role} has ${what}: ${JSON.stringify(statement)}`);
  };
  for (const element of Object.keys(statement)) {
    if (!elements.includes(element)) refuse(`the element ${element}, which is not supported`);
  }
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') refuse('no Effect Allow or Deny');

  const strings = (value: unknown, where: string): string[] => {
    const list = [value].flat();
    const texts = list.filter(item => typeof item === 'string');
    if (list.length === 0 || texts.length < list.length) refuse(`no string or list of strings as ${where}`);
    for (const text of texts) {
      if (text.includes('${')) refuse(`the policy variable of ${text}, which is not supported`);
    }
    return texts;
  };
  const either = (name: 'Action' | 'Resource') => {
    const not = `Not${name}` in statement;
    if (not === name in statement) refuse(`not exactly one of ${name} and Not${name}`);
    return { not, patterns: strings(statement[not ? `Not${name}` : name], name) };
  };
  const actions = either('Action');
  for (const action of actions.patterns) {
    if (action !== '*' && !/^[\w-]+:[\w*?]+$/.test(action)) refuse(`the action ${action}, which is none`);
  }
  const resources = either('Resource');
  for (const resource of resources.patterns) {
    if (resource !== '*' && arnParts(resource).length !== 6)
      refuse(`the resource ${resource}, which is not an ARN`);
  }
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => ({
      operator,
      key,
      // A template may hold a number where IAM compares numbers.
      values: strings(
        [value].flat().map(each => (typeof each === 'number' ? String(each) : each)),
        `${operator} ${key}`,
      ),
    })),
  );
  for (const condition of conditions) {
    const what = unsupportedCondition(condition);
    if (what) refuse(`${what}, which is not supported`);
  }
  return {
    effect: statement.Effect,
    actions: { not: actions.not, patterns: actions.patterns.map(action => action.toLowerCase()) },
    resources,
    conditions,
  };
}

/** Whether a statement speaks about this action on this resource in this context. */
export function applies(grant: Grant, action: string, resource: string, context: RequestContext): boolean {
  const name = action.toLowerCase();
  return (
    grant.actions.patterns.some(pattern => matchesWildcards(pattern, name)) !== grant.actions.not &&
    grant.resources.patterns.some(pattern => matchesArn(pattern, resource)) !== grant.resources.not &&
    grant.conditions.every(condition => meets(condition, context))
  );
}
