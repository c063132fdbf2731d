import { Unsupported } from '../contract.ts';
import { asArray, asObject, asString, isObject } from './json.ts';

/** What the intrinsic functions of a template refer to. */
export interface Scope {
  /** a resource's, parameter's or pseudo parameter's value; {@link noValue} for AWS::NoValue */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  /** the value another stack exports under this name */
  importValue(name: string): unknown;
}

/** `Ref: AWS::NoValue`: the property is as if it was not written. */
export const noValue = Symbol('AWS::NoValue');

/**
 * A template value with its intrinsic functions replaced by what they stand for.
 * @throws Unsupported for a function that is not known here, and for dynamic references.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    if (value.includes('{{resolve:')) throw new Unsupported(`dynamic reference ${value}`);
    return value;
  }
  if (Array.isArray(value)) return value.map(item => resolve(item, scope)).filter(item => item !== noValue);
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first && entries.length === 1 && isFunction(first[0])) return call(first[0], first[1], scope);
  const resolved: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    if (isFunction(key)) throw new Unsupported(`${key} beside other keys`);
    const result = resolve(item, scope);
    if (result !== noValue) resolved[key] = result;
  }
  return resolved;
}

function isFunction(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return scope.ref(asString(argument, name));
    case 'Fn::GetAtt':
      return getAtt(argument, scope);
    case 'Fn::ImportValue':
      return scope.importValue(asString(resolve(argument, scope), name));
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join': {
      const [separator, list] = asArray(argument, name);
      const parts = asArray(resolve(list, scope), 'the list of Fn::Join');
      return parts.map(part => asText(part, name)).join(asString(separator, 'the separator of Fn::Join'));
    }
    case 'Fn::Select': {
      const [index, list] = asArray(argument, name);
      const items = asArray(resolve(list, scope), 'the list of Fn::Select');
      const item = items[Number(resolve(index, scope))];
      if (item === undefined)
        throw new Unsupported(`Fn::Select ${JSON.stringify(index)} is outside its list`);
      return item;
    }
    case 'Fn::Split': {
      const [separator, text] = asArray(argument, name);
      return asString(resolve(text, scope), name).split(asString(separator, 'the separator of Fn::Split'));
    }
    case 'Fn::If': {
      const [condition, yes, no] = asArray(argument, name);
      return resolve(scope.condition(asString(condition, name)) ? yes : no, scope);
    }
    default:
      throw new Unsupported(`intrinsic function ${name}`);
  }
}

function getAtt(argument: unknown, scope: Scope): unknown {
  const [logicalId, attribute] =
    typeof argument === 'string' ? splitOnce(argument, '.') : asArray(argument, 'Fn::GetAtt');
  return scope.getAtt(asString(logicalId, 'Fn::GetAtt'), asString(resolve(attribute, scope), 'Fn::GetAtt'));
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = asObject(variables, 'the variables of Fn::Sub');
  return asString(text, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in own) return asText(resolve(own[name], scope), 'Fn::Sub');
    return asText(name.includes('.') ? getAtt(name, scope) : scope.ref(name), 'Fn::Sub');
  });
}

/** The value of a condition of the template's `Conditions`. */
export function evaluate(condition: unknown, scope: Scope): boolean {
  const entries = Object.entries(asObject(condition, 'a condition'));
  const [name, argument] = entries[0] ?? [];
  if (entries.length !== 1) throw new Unsupported(`condition ${JSON.stringify(condition)}`);
  const all = () => asArray(argument, `${name}`).map(item => evaluate(item, scope));
  switch (name) {
    case 'Condition':
      return scope.condition(asString(argument, name));
    case 'Fn::Equals': {
      const [left, right] = asArray(resolve(argument, scope), name);
      return left === right;
    }
    case 'Fn::And':
      return all().every(Boolean);
    case 'Fn::Or':
      return all().some(Boolean);
    case 'Fn::Not':
      return !all()[0];
    default:
      throw new Unsupported(`condition function ${name}`);
  }
}

function asText(value: unknown, what: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  throw new Unsupported(`${what} over a value that is not text: ${String(value)}`);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}
