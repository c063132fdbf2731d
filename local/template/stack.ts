import { Unsupported } from '../contract.ts';
import type { StackArtifact } from './assembly.ts';
import { evaluate, noValue, resolve, type Scope } from './intrinsics.ts';
import { asObject, asString, type JsonObject } from './json.ts';
import { type Identity, partitionOf, physicalName, stableUuid, urlSuffixOf } from './names.ts';
import { type ResourceType, resourceTypes } from './types.ts';

/** A resource with its physical name, what Ref gives, and its properties without intrinsics. */
export interface Resource {
  logicalId: string;
  type: string;
  name: string;
  ref: string;
  attributes: Record<string, string>;
  properties: JsonObject;
}

export interface Stack {
  name: string;
  account: string;
  region: string;
  resources: Resource[];
  outputs: Record<string, string>;
  exports: Record<string, string>;
  assets: Map<string, string>;
}

const known = new Set([
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
]);
const sections = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Conditions',
  'Resources',
  'Outputs',
]);

/**
 * A stack's template as concrete resources.
 * @throws Unsupported naming the resource type, attribute, section or function that is not known.
 */
export function resolveStack(artifact: StackArtifact, exported: Record<string, string> = {}): Stack {
  const { template } = artifact;
  for (const section of Object.keys(template)) {
    if (!sections.has(section)) throw new Unsupported(`section ${section} of the template ${artifact.name}`);
  }
  const scope = new TemplateScope(artifact, exported);
  const outputs: Record<string, string> = {};
  const exports: Record<string, string> = {};
  for (const [id, entry] of Object.entries(asObject(template.Outputs ?? {}, 'Outputs'))) {
    const output = asObject(entry, `output ${id}`);
    if (output.Condition && !scope.condition(asString(output.Condition, `output ${id}`))) continue;
    outputs[id] = String(resolve(output.Value, scope));
    if (output.Export) {
      const name = resolve(asObject(output.Export, `output ${id}`).Name, scope);
      exports[asString(name, `the export of output ${id}`)] = outputs[id];
    }
  }
  const { name, account, region, assets } = artifact;
  return { name, account, region, resources: scope.all(), outputs, exports, assets };
}

class TemplateScope implements Scope {
  readonly artifact: StackArtifact;
  readonly #exported: Record<string, string>;
  readonly #resources: JsonObject;
  readonly #naming = new Set<string>();

  constructor(artifact: StackArtifact, exported: Record<string, string>) {
    this.artifact = artifact;
    this.#exported = exported;
    this.#resources = asObject(artifact.template.Resources ?? {}, 'Resources');
  }

  all(): Resource[] {
    return Object.keys(this.#resources)
      .filter(id => this.#exists(id))
      .map(id => {
        const { type, typeName, properties } = this.#entry(id);
        const at = this.#identity(id);
        const resolved = asObject(resolve(properties, this), `the properties of ${id}`);
        return {
          logicalId: id,
          type: typeName,
          name: at.name,
          ref: type.ref?.(at) ?? at.name,
          attributes: type.attributes?.(at, resolved) ?? {},
          properties: resolved,
        };
      });
  }

  ref(name: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudo(name);
    if (name in this.#resources) {
      const at = this.#identity(name);
      return this.#entry(name).type.ref?.(at) ?? at.name;
    }
    const parameter = asObject(this.artifact.template.Parameters ?? {}, 'Parameters')[name];
    if (parameter === undefined) throw new Unsupported(`Ref to ${name}, which is not in the template`);
    const value = asObject(parameter, `parameter ${name}`).Default;
    if (value === undefined) throw new Unsupported(`parameter ${name} has no default`);
    return value;
  }

  getAtt(id: string, attribute: string): unknown {
    const { type, typeName, properties } = this.#entry(id);
    // Only constants of the properties matter to an attribute (a role's path); resolving all of them could go in circles.
    const value = type.attributes?.(this.#identity(id), properties)[attribute];
    if (value === undefined) throw new Unsupported(`attribute ${attribute} of ${typeName} ${id}`);
    return value;
  }

  condition(name: string): boolean {
    const conditions = asObject(this.artifact.template.Conditions ?? {}, 'Conditions');
    if (!(name in conditions)) throw new Unsupported(`condition ${name}, which is not in the template`);
    return evaluate(conditions[name], this);
  }

  importValue(name: string): unknown {
    const value = this.#exported[name];
    if (value === undefined) throw new Unsupported(`import of ${name}, which no stack before exports`);
    return value;
  }

  #exists(id: string): boolean {
    const { Condition } = asObject(this.#resources[id], `resource ${id}`);
    return Condition === undefined || this.condition(asString(Condition, `the condition of ${id}`));
  }

  #entry(id: string): { type: ResourceType; typeName: string; properties: JsonObject } {
    if (!(id in this.#resources)) throw new Unsupported(`resource ${id}, which is not in the template`);
    const resource = asObject(this.#resources[id], `resource ${id}`);
    const typeName = asString(resource.Type, `the type of ${id}`);
    const type = resourceTypes[typeName];
    if (!type) throw new Unsupported(`resource type ${typeName} (${id})`);
    for (const key of Object.keys(resource)) {
      if (!known.has(key)) throw new Unsupported(`${key} of resource ${id}`);
    }
    return { type, typeName, properties: asObject(resource.Properties ?? {}, `the properties of ${id}`) };
  }

  #identity(id: string): Identity {
    const { account, region } = this.artifact;
    return { partition: partitionOf(region), account, region, name: this.#name(id) };
  }

  #name(id: string): string {
    const { type, properties } = this.#entry(id);
    const given = type.nameProperty === undefined ? undefined : properties[type.nameProperty];
    if (given === undefined) return physicalName(this.artifact.name, id, type.longest ?? 255, type.lowerCase);
    if (this.#naming.has(id)) throw new Unsupported(`the name of ${id} refers to itself`);
    this.#naming.add(id);
    try {
      return asString(resolve(given, this), `the name of ${id}`);
    } finally {
      this.#naming.delete(id);
    }
  }

  #pseudo(name: string): unknown {
    const { account, region, name: stack } = this.artifact;
    const values: Record<string, unknown> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': partitionOf(region),
      'AWS::URLSuffix': urlSuffixOf(region),
      'AWS::StackName': stack,
      'AWS::StackId': `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${stack}/${stableUuid(stack)}`,
      'AWS::NoValue': noValue,
      'AWS::NotificationARNs': [],
    };
    if (!(name in values)) throw new Unsupported(`pseudo parameter ${name}`);
    return values[name];
  }
}
