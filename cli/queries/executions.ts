import { CliError, UsageError } from '../failure.ts';
import type { DescribedExecution, Execution } from './execution-store.ts';
import { itemsOf } from './page.ts';
import type { Store } from './store.ts';

/** Executions started at or after a time (ISO 8601), in the order they were started. */
export async function startedSince(
  { executions }: Pick<Store, 'executions'>,
  since: string,
): Promise<Execution[]> {
  const listed: Execution[] = [];
  for await (const each of itemsOf(executions.list())) {
    if (!each.started || each.started < since) break;
    listed.unshift(each);
  }
  return listed;
}

/**
 * The execution a person means: by name, ARN, or a unique beginning of the name. Throws CliError when there is none,
 * UsageError when there are several.
 */
export async function executionMeant(
  execution: string,
  { executions }: Pick<Store, 'executions'>,
): Promise<DescribedExecution> {
  const named = await executions.describe(execution);
  if (named) return named;
  const fitting: Execution[] = [];
  for await (const each of itemsOf(executions.list()))
    if (each.name.startsWith(execution)) fitting.push(each);
  const [one, another] = fitting;
  if (another)
    throw new UsageError(`${fitting.length} executions begin with ${execution}: give more of the name`);
  const found = one && (await executions.describe(one.arn));
  if (!found) throw new CliError(`no execution is called ${execution}: roletrail executions lists them`);
  return found;
}
