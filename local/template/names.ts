import { sha256 } from '../hashes.ts';

/** Where a resource lives and what it is called. */
export interface Identity {
  partition: string;
  account: string;
  region: string;
  name: string;
}

/**
 * A physical name for a resource that has none in the template: `<stack>-<logicalId>`, made valid.
 * A name that would be too long keeps its beginning and ends in a hash, so that two never become one.
 */
export function physicalName(stack: string, logicalId: string, maximum: number, lowerCase = false): string {
  const full = `${stack}-${logicalId}`;
  const valid = lowerCase ? full.toLowerCase().replaceAll('_', '-') : full;
  if (valid.length <= maximum) return valid;
  return `${valid.slice(0, maximum - 9)}-${sha256(full).slice(0, 8)}`;
}

/** A stable id in the form of a UUID, for resources AWS gives a random one. */
export function stableUuid(seed: string): string {
  return sha256(seed).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** `arn:partition:service:region:account:resource` */
export function regionalArn(service: string, resource: string, at: Identity): string {
  return `arn:${at.partition}:${service}:${at.region}:${at.account}:${resource}`;
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function urlSuffixOf(region: string): string {
  if (region.startsWith('eusc-')) return 'amazonaws.eu';
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
