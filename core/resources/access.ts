import type { Json } from '../records/read.ts';
import type { Access } from './resource.ts';

/** What CloudTrail says of the call itself (record contents, `readOnly`). */
export function accessOf(record: Json, _service: string, _call: string): Access {
  const said = String(record.readOnly ?? '').toLowerCase();
  if (said === 'true') return 'read';
  return said === 'false' ? 'write' : 'unknown';
}
