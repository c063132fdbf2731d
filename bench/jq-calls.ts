import { auditedSessions } from './generator/accounts.ts';
import type { Generation } from './generator.ts';
import { firstLine } from './machine.ts';
import { measured, type Ran } from './processes.ts';

/** How many calls of a log file were made under the audited role: a number for each file. */
export const countCalls = `[.Records[] | select((.userIdentity.arn // "") | startswith("${auditedSessions}"))] | length`;

const pipeline = `find "$1" -name '*.json.gz' -exec cat {} + | gunzip | jq "$2" | awk '{ calls += $1 } END { print calls }'`;

/**
 * jq counting the calls under the role in these log files; a join is beyond it. Null where jq is missing. Throws where it counts
 * other calls than the files hold.
 */
export async function countedByJq(logs: string, made: Generation): Promise<Ran | null> {
  if (!firstLine('jq', '--version')) return null;
  const counted = await measured(['sh', '-c', pipeline, 'sh', logs, countCalls]);
  if (counted.status !== 0) throw new Error(`jq failed: ${counted.said}`);
  const calls = Number(counted.said);
  if (calls !== made.calls) throw new Error(`jq counts ${calls} calls, the files hold ${made.calls}`);
  return counted;
}
