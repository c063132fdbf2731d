import { readFileSync } from 'node:fs';
import { Unsupported } from '../contract.ts';
import { readAssembly } from './assembly.ts';
import { isObject } from './json.ts';
import { type Shape, type ShapeName, shapes } from './shapes.ts';
import { type Resource, resolveStack, type Stack } from './stack.ts';
import { resourceTypes } from './types.ts';

/** A resource of a type that runs, its properties checked. */
export interface Running<T extends ShapeName> {
  logicalId: string;
  name: string;
  /** the ARN where the type has one, else what Ref gives */
  arn: string;
  properties: Shape<T>;
}

/** All stacks of an assembly; exactly one of them, the production stack, holds the state machine. */
export interface Deployment {
  account: string;
  region: string;
  stack: Stack;
  stacks: Stack[];
  /** resources of one type in the production stack */
  of<T extends ShapeName>(type: T): Running<T>[];
  /** resources of one type in the other stacks: what partner accounts deploy */
  partnersOf<T extends ShapeName>(type: T): Running<T>[];
}

/** Reads and checks a cloud assembly. Throws {@link Unsupported} naming what the embedded cloud does not run. */
export function readDeployment(assembly: string): Deployment {
  const exported: Record<string, string> = {};
  const stacks = readAssembly(assembly).map(artifact => {
    const stack = resolveStack(artifact, exported);
    Object.assign(exported, stack.exports);
    return stack;
  });
  for (const stack of stacks) for (const resource of stack.resources) check(resource, stack);
  const production = stacks.filter(holdsMachine);
  const [stack] = production;
  if (!stack || production.length > 1) {
    throw new Unsupported(`${production.length} stacks with a state machine in ${assembly}: one is needed`);
  }
  const partners = stacks.filter(other => other !== stack);
  return {
    account: stack.account,
    region: stack.region,
    stack,
    stacks,
    of: type => select(type, stack),
    partnersOf: type => partners.flatMap(partner => select(type, partner)),
  };
}

function holdsMachine(stack: Stack): boolean {
  return stack.resources.some(resource => resource.type === 'AWS::StepFunctions::StateMachine');
}

function select<T extends ShapeName>(type: T, stack: Stack): Running<T>[] {
  return stack.resources
    .filter(resource => resource.type === type)
    .map(resource => ({
      logicalId: resource.logicalId,
      name: resource.name,
      arn: resource.attributes.Arn ?? resource.ref,
      properties: parse(type, resource, stack),
    }));
}

function parse<T extends ShapeName>(type: T, resource: Resource, stack: Stack): Shape<T> {
  const result = shapes[type].safeParse(resource.properties);
  if (result.success) return result.data as Shape<T>;
  const reasons = result.error.issues.map(issue =>
    issue.code === 'unrecognized_keys'
      ? `property ${issue.keys.map(key => [...issue.path, key].join('.')).join(', ')}`
      : `property ${issue.path.join('.')} (${issue.message})`,
  );
  throw new Unsupported(`${reasons.join('; ')} of ${type} ${resource.logicalId} in stack ${stack.name}`);
}

function check(resource: Resource, stack: Stack): void {
  if (resourceTypes[resource.type]?.runs !== true) return;
  if (!(resource.type in shapes))
    throw new Unsupported(`resource type ${resource.type} (${resource.logicalId})`);
  parse(resource.type as ShapeName, resource, stack);
}

/** The local file or folder behind an asset's object key. */
export function assetPath(stack: Stack, key: string | undefined, what: string): string {
  const path = key === undefined ? undefined : stack.assets.get(key);
  if (!path) throw new Unsupported(`${what} has no asset in the assembly: ${key}`);
  return path;
}

/** Functions that only serve custom resources: they act when a stack is deployed, and are not run. */
export function deployTimeFunctions(stack: Stack): Set<string> {
  return new Set(
    stack.resources
      .filter(resource => resource.type.startsWith('Custom::'))
      .map(resource => String(resource.properties.ServiceToken)),
  );
}

/**
 * The state machine's definition with its substitutions applied.
 * @throws Unsupported naming a `${Placeholder}` that is left over.
 */
export function readDefinition(
  stack: Stack,
  machine: Running<'AWS::StepFunctions::StateMachine'>,
): Record<string, unknown> {
  const { DefinitionString, DefinitionS3Location, DefinitionSubstitutions } = machine.properties;
  const text =
    DefinitionString ??
    readFileSync(
      assetPath(stack, DefinitionS3Location?.Key, `the definition of ${machine.logicalId}`),
      'utf8',
    );
  const substituted = text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (_, name: string) => {
    const value = DefinitionSubstitutions[name];
    if (value === undefined) throw new Unsupported(`\${${name}} of the definition has no substitution`);
    return JSON.stringify(value).slice(1, -1);
  });
  const definition: unknown = JSON.parse(substituted);
  if (!isObject(definition))
    throw new Unsupported(`the definition of ${machine.logicalId} is not a JSON object`);
  return definition;
}
