import { type Json, textAt } from '../records/read.ts';
import { levelOf } from './iam/actions.ts';
import type { Access } from './resource.ts';

/**
 * What CloudTrail says of the call itself (record contents, `readOnly`: a boolean, or a word); of one that changes something,
 * IAM says whether it changes permissions. Where the record says nothing, IAM's access level of the action does.
 */
export function accessOf(record: Json, source: string, call: string): Access {
  const { readOnly } = record;
  const said = typeof readOnly === 'boolean' ? `${readOnly}` : textAt(record, 'readOnly')?.toLowerCase();
  if (said === 'true') return 'read';
  const level = levelOf(source, call);
  if (said === 'false') return level === 'permission' ? 'permission' : 'write';
  return level ?? 'unknown';
}
