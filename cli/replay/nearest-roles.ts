import { AuditedRoles, isPermissionSetPattern } from '../../core/identities/roles.ts';
import { lastPart, parseRoleArn, smallLetters } from '../../core/records/arn.ts';
import type { RolesSeen } from './roles-seen.ts';

/** A role that was asked for, of which no record tells, and those that may be meant. */
export interface MissingRole {
  role: string;
  nearest: NearRole[];
}

/** `why`: what tells it from the role that was asked for, in words that stand behind its ARN. */
export interface NearRole {
  arn: string;
  why: string;
}

const mostNear = 3;

/** What IAM names roles by beside their names: `AROA...`, unique for all time (IAM guide, IAM identifiers). */
const uniqueId = /^AROA[A-Z0-9]{12,}$/;
const permissionSet = /^awsreservedsso_(.+)_(?:[0-9a-f]{16}|\*)$/;

/** The roles nearest to the one asked for, among those that the logs hold, the nearest first: a few. */
export function nearestRoles(role: string, seen: RolesSeen): NearRole[] {
  if (uniqueId.test(role)) {
    const arn = seen.withId(role);
    if (arn) return [{ arn, why: `whose id ${role} is; ask for its name` }];
  }
  const name = lastPart(role);
  const sameName = new AuditedRoles([name]);
  const found = seen.arns
    .map(arn => ({ arn, ...nearness(smallLetters(name), arn, sameName.hasRole(arn)) }))
    .filter(({ distance }) => distance < 1)
    .sort((a, b) => a.distance - b.distance || (a.arn < b.arn ? -1 : 1));
  return found.slice(0, mostNear).map(({ arn, why }) => ({ arn, why }));
}

function nearness(asked: string, arn: string, sameName: boolean): { distance: number; why: string } {
  const { name = '', account = '' } = parseRoleArn(arn) ?? {};
  const held = smallLetters(name);
  if (sameName) return { distance: 0, why: `of account ${account}` };
  const [, askedSet] = permissionSet.exec(asked) ?? [];
  const [, heldSet] = permissionSet.exec(held) ?? [];
  if (askedSet !== undefined && askedSet === heldSet && !isPermissionSetPattern(asked))
    return { distance: 0.05, why: 'of the same permission set, provisioned anew or in another account' };
  if (heldSet !== undefined && heldSet === asked)
    return { distance: 0.05, why: `of the permission set of that name: AWSReservedSSO_NAME_* asks for it` };
  // Of two permission sets, their own names are compared: Identity Center makes the rest.
  const [one, other] = [bare(askedSet ?? asked), bare(heldSet ?? held)];
  if (one === other) return { distance: 0.1, why: 'written otherwise' };
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const edits = editsBetween(one, other);
  // A letter of a short name, two of a longer one, are typos; more make it another role.
  if (edits <= Math.min(2, Math.floor(long.length / 4)))
    return { distance: 0.2 + edits / 100, why: 'a similar name' };
  if (short.length >= 4 && long.includes(short))
    return { distance: 0.5 + 0.4 * (1 - short.length / long.length), why: 'a similar name' };
  return { distance: 1, why: '' };
}

/** Letters and digits alone: `data-admin` and `DataAdmin` are easily mistaken. */
function bare(name: string): string {
  return name.replace(/[^a-z0-9]/g, '') || name;
}

/** Letters to change, add, leave out or swap with the next, to make one of the other. Names have 64 at most. */
function editsBetween(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = one[i - 1] === other[j - 1] ? 0 : 1;
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + changed);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    before = last;
    last = row;
  }
  return last[other.length] ?? 0;
}
