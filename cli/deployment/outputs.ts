import { readFileSync } from 'node:fs';
import { isObject } from '../../core/records/read.ts';
import { UsageError } from '../failure.ts';

/** The production stack's outputs that the commands need. */
export const outputNames = [
  'StateMachineArn',
  'TrailBucketName',
  'WorkBucketName',
  'EvidenceTableName',
  'SessionsTableName',
  'LookupsTableName',
  'LedgerTableName',
  'TrailQueueUrl',
  'PartnerQueueUrl',
  'PartnerTopicName',
  'TrailAccounts',
  'AuditedRoles',
  'GraceMinutes',
  'RetentionDays',
] as const;

export type OutputName = (typeof outputNames)[number];
export type Outputs = Record<OutputName, string>;

/** Lists the stack tells in outputs NAME, NAME2, NAME3..., since one output is short. */
export type ListName = 'AuditedRoles' | 'TrailAccounts';

/** A list as it was deployed. Throws UsageError for one that is none. */
export function deployedList(outputs: Outputs, name: ListName): string[] {
  const named: Record<string, string | undefined> = outputs;
  const list = partOf(outputs[name], name);
  for (let part = 2; ; part += 1) {
    const output = `${name}${part}`;
    const value = named[output];
    if (value === undefined) return list;
    list.push(...partOf(value, output));
  }
}

function partOf(value: string, output: string): string[] {
  try {
    const part: unknown = JSON.parse(value);
    if (Array.isArray(part) && part.every(item => typeof item === 'string')) return part;
  } catch {
    // Told below.
  }
  throw new UsageError(`the output ${output} is not a list: ${value}`);
}

/**
 * The production stack's outputs among all stacks': the one stack that has them all.
 * Throws UsageError naming what is missing. `where` says whose outputs these are.
 */
export function productionOutputs(all: unknown, where: string): Outputs {
  const stacks = isObject(all) ? Object.values(all).filter(isObject) : [];
  const found = stacks.filter(stack => typeof stack.StateMachineArn === 'string');
  if (found.length === 0) {
    throw new UsageError(
      `${where} has no stack with the output StateMachineArn: use the outputs of the production stack`,
    );
  }
  if (found.length > 1)
    throw new UsageError(`${where} has ${found.length} stacks with the output StateMachineArn`);
  const missing = outputNames.filter(name => typeof found[0]?.[name] !== 'string');
  if (missing.length > 0) {
    throw new UsageError(
      `${where} lacks the outputs ${missing.join(', ')}: deploy this version, or replay into the state folder again`,
    );
  }
  const outputs = found[0] as Outputs;
  if (!/^\d{1,4}$/.test(outputs.GraceMinutes))
    throw new UsageError(
      `${where}: the output GraceMinutes is not a number of minutes: ${outputs.GraceMinutes}`,
    );
  if (!/^(?:unlimited|\d{1,5})$/.test(outputs.RetentionDays))
    throw new UsageError(
      `${where}: the output RetentionDays is neither a number of days nor "unlimited": ${outputs.RetentionDays}`,
    );
  return outputs;
}

/** The outputs in the file that `cdk deploy --outputs-file` wrote. Throws UsageError. */
export function readOutputsFile(file: string): Outputs {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `cannot read ${file}: write it with "cdk deploy --outputs-file ${file}", or name it with --outputs`,
      error,
    );
  }
  let all: unknown;
  try {
    all = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON`, error);
  }
  return productionOutputs(all, file);
}
