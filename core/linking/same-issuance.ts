import type { Issuance } from '../records/event.ts';
import { millis } from '../records/times.ts';
import { clockSkew } from './facts.ts';

/** Copies by the issuance they are of: a copy that fits two groups makes one of them. */
export function grouped(copies: readonly Issuance[]): Issuance[][] {
  const groups: Issuance[][] = [];
  for (const copy of copies) {
    const joined = groups.filter(group =>
      group.some(other => copy.eventID === other.eventID || sameIssuance(copy, other)),
    );
    const rest = groups.filter(group => !joined.includes(group));
    groups.splice(0, groups.length, ...rest, [...joined.flat(), copy]);
  }
  return groups;
}

/** Whether two records describe one issuance. */
export function sameIssuance(one: Issuance, other: Issuance): boolean {
  // Two keys are two issuances, whatever else agrees: merged, one's calls would go to the other's caller.
  if (one.accessKeyId && other.accessKeyId && one.accessKeyId !== other.accessKeyId) return false;
  if (one.sharedEventID && other.sharedEventID) return one.sharedEventID === other.sharedEventID;
  if (!sameCall(one, other)) return false;
  const samePrincipal =
    (one.arn === null || other.arn === null || one.arn === other.arn) &&
    (one.principalId === null || other.principalId === null || one.principalId === other.principalId);
  // A switch of roles at the console is logged by the console, and by STS with a key.
  const switched = [one, other].some(copy => copy.eventName === 'SwitchRole');
  if (switched) {
    const callers = [one.caller.arn, other.caller.arn];
    const sameCaller = callers.includes(null) || callers[0] === callers[1];
    return samePrincipal && sameCaller && seconds(one.eventTime, other.eventTime) <= clockSkew;
  }
  return (
    samePrincipal &&
    seconds(one.eventTime, other.eventTime) <= clockSkew &&
    seconds(one.expiresAt, other.expiresAt) <= clockSkew
  );
}

// A service and STS each log what the service hands out (Roles Anywhere), under one key.
function sameCall(one: Issuance, other: Issuance): boolean {
  const switched = one.eventName === 'SwitchRole' || other.eventName === 'SwitchRole';
  return one.eventName === other.eventName || switched || one.accessKeyId !== null;
}

function seconds(one: string, other: string): number {
  return Math.abs(millis(one) - millis(other)) / 1000;
}
