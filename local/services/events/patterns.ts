import { Unsupported } from '../../contract.ts';
import { isObject, type JsonObject } from '../../template/json.ts';
import { eventWildcards } from '../../wildcards.ts';

type Test = (value: unknown) => boolean;

/**
 * An EventBridge event pattern as a predicate.
 * @throws Unsupported naming an operator that is not known here
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(pattern: JsonObject): (event: JsonObject) => boolean {
  const test = compileObject(pattern, '');
  return event => test(event);
}

function compileObject(pattern: JsonObject, at: string): Test {
  const tests = Object.entries(pattern).map(([key, value]): Test => {
    const here = at ? `${at}.${key}` : key;
    if (key === '$or') return anyOf(alternatives(value, here));
    const test = isObject(value) ? compileObject(value, here) : compileField(value, here);
    return object => test(isObject(object) ? object[key] : undefined);
  });
  return object => tests.every(test => test(object));
}

function alternatives(value: unknown, at: string): Test[] {
  if (!Array.isArray(value)) throw new Unsupported(`event pattern ${at}: ${JSON.stringify(value)}`);
  return value.map(item => {
    if (!isObject(item)) throw new Unsupported(`event pattern ${at}: ${JSON.stringify(item)}`);
    return compileObject(item, at);
  });
}

function compileField(value: unknown, at: string): Test {
  if (!Array.isArray(value) || value.length === 0) {
    throw new Unsupported(`event pattern ${at}: ${JSON.stringify(value)}`);
  }
  const tests = value.map(matcher => compileMatcher(matcher, at));
  // A list in the event matches when one of its members does.
  return field => (Array.isArray(field) ? field.some(anyOf(tests)) : anyOf(tests)(field));
}

function compileMatcher(matcher: unknown, at: string): Test {
  if (!isObject(matcher)) return value => value === matcher;
  const [operator = '', argument] = Object.entries(matcher)[0] ?? [];
  const refuse = () => new Unsupported(`event pattern ${at}: ${JSON.stringify(matcher)}`);
  if (Object.keys(matcher).length !== 1) throw refuse();
  switch (operator) {
    case 'exists':
      if (typeof argument !== 'boolean') throw refuse();
      return value => (value !== undefined && !isObject(value)) === argument;
    case 'anything-but': {
      const test = anythingBut(argument, refuse);
      return value => value !== undefined && !isObject(value) && !test(value);
    }
    case 'numeric':
      return numeric(argument, refuse);
    default:
      return textMatcher(operator, argument, refuse);
  }
}

function anythingBut(argument: unknown, refuse: () => Error): Test {
  if (isObject(argument)) {
    const [operator = '', texts] = Object.entries(argument)[0] ?? [];
    if (Object.keys(argument).length !== 1) throw refuse();
    return anyOf([texts].flat().map(text => textMatcher(operator, text, refuse)));
  }
  const values = [argument].flat();
  if (values.some(value => typeof value !== 'string' && typeof value !== 'number')) throw refuse();
  return value => values.includes(value);
}

function textMatcher(operator: string, argument: unknown, refuse: () => Error): Test {
  const inner = isObject(argument) ? argument['equals-ignore-case'] : undefined;
  const ignoreCase = inner !== undefined && Object.keys(argument as object).length === 1;
  const wanted = ignoreCase ? inner : argument;
  if (typeof wanted !== 'string') throw refuse();
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const test = textTests[operator]?.(fold(wanted));
  if (!test || (ignoreCase && operator !== 'prefix' && operator !== 'suffix')) throw refuse();
  return value => typeof value === 'string' && test(fold(value));
}

const textTests: Record<string, (wanted: string) => (value: string) => boolean> = {
  prefix: wanted => value => value.startsWith(wanted),
  suffix: wanted => value => value.endsWith(wanted),
  'equals-ignore-case': wanted => value => value.toLowerCase() === wanted.toLowerCase(),
  wildcard: eventWildcards,
};

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numeric(argument: unknown, refuse: () => Error): Test {
  if (!Array.isArray(argument) || argument.length === 0 || argument.length % 2 !== 0) throw refuse();
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < argument.length; index += 2) {
    const compare = comparisons[String(argument[index])];
    const bound: unknown = argument[index + 1];
    if (!compare || typeof bound !== 'number') throw refuse();
    tests.push(value => compare(value, bound));
  }
  return value => typeof value === 'number' && tests.every(test => test(value));
}

function anyOf(tests: Test[]): Test {
  return value => tests.some(test => test(value));
}
