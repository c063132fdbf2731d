import type { Input } from '../inputs/input.ts';
import { unpacked } from '../inputs/unpacked.ts';
import type { RolesSeen } from './roles-seen.ts';

/** As far as a file is read: what is longer decompressed was no log file. */
const mostBytes = 4 * 1024 ** 3;
/** Characters of a chunk that are read again with the next: an id and its ARN may lie on both sides of the cut. */
const overlap = 4096;
const mostRest = 1024 * 1024;

const roleArn =
  /arn:aws[a-z-]*:(?:iam::\d{12}:role\/[^"\\\s]{1,600}|sts::\d{12}:assumed-role\/[^"\\\s]{1,140})/g;
/** CloudTrail writes an identity's id in front of its ARN (CloudTrail guide, userIdentity element). */
const roleId =
  /"(?:principalId|assumedRoleId)"\s*:\s*"(AROA[A-Z0-9]+)(?::[^"]*)?"\s*,\s*"arn"\s*:\s*"([^"]+)"/g;

/**
 * Adds the roles that the text of these files names anywhere, also in records that nobody kept because another role was
 * asked for. A file that cannot be read to its end adds what stands before that: it was refused by name already.
 */
export async function seeRolesIn(
  inputs: readonly Input[],
  seen: RolesSeen,
  signal?: AbortSignal,
): Promise<void> {
  for (const input of inputs) {
    if (seen.full) return;
    try {
      for await (const text of textsOf(input, signal)) seeRoles(text, seen);
    } catch {
      signal?.throwIfAborted();
    }
  }
}

function seeRoles(text: string, seen: RolesSeen): void {
  for (const [arn] of text.matchAll(roleArn)) seen.see(arn);
  for (const [, id = '', arn = ''] of text.matchAll(roleId)) seen.seeId(id, arn);
}

async function* textsOf({ bytes, layers, most }: Input, signal?: AbortSignal): AsyncGenerator<string> {
  let rest = '';
  let read = 0;
  for await (const chunk of unpacked(bytes.stream(), layers, most)) {
    signal?.throwIfAborted();
    // Of UTF-16, too, the text without its zeros is that of a role.
    const text = rest + chunk.toString('latin1').replaceAll('\0', '');
    // What stands behind the last quotation mark may be half an ARN, which would name another role.
    const end = text.lastIndexOf('"') + 1;
    yield text.slice(0, end);
    rest = text.slice(Math.max(0, end - overlap)).slice(-mostRest);
    read += chunk.length;
    if (read > mostBytes) return;
  }
}
