import type { Deployment } from '../../template/deployment.ts';
import { isObject } from '../../template/json.ts';

/** The stack's buckets, and those its rules listen to: a trail bucket that was there before. */
export function buckets(deployment: Deployment): { name: string; versioned: boolean }[] {
  const own = deployment.of('AWS::S3::Bucket').map(({ name, properties }) => ({
    name,
    versioned: properties.VersioningConfiguration?.Status === 'Enabled',
  }));
  const others = notifyingBuckets(deployment).filter(name => !own.some(bucket => bucket.name === name));
  return [...own, ...[...new Set(others)].map(name => ({ name, versioned: false }))];
}

/** Buckets whose events reach EventBridge. One that is not in the stack has it switched on by its owner. */
export function eventBridgeBuckets(deployment: Deployment): Set<string> {
  const declared = deployment.of('AWS::S3::Bucket');
  const own = new Set(declared.map(bucket => bucket.name));
  const switchedOn = declared
    .filter(
      ({ properties }) => properties.NotificationConfiguration?.EventBridgeConfiguration?.EventBridgeEnabled,
    )
    .map(bucket => bucket.name);
  const byCustomResource = deployment
    .of('Custom::S3BucketNotifications')
    .filter(({ properties }) => properties.NotificationConfiguration.EventBridgeConfiguration)
    .map(({ properties }) => properties.BucketName);
  const others = notifyingBuckets(deployment).filter(name => !own.has(name));
  return new Set([...switchedOn, ...byCustomResource, ...others]);
}

function notifyingBuckets(deployment: Deployment): string[] {
  return deployment.of('AWS::Events::Rule').flatMap(({ properties: { EventPattern } }) => {
    const detail = EventPattern?.detail;
    const bucket = isObject(detail) && isObject(detail.bucket) ? detail.bucket.name : undefined;
    return Array.isArray(bucket) ? bucket.filter(name => typeof name === 'string') : [];
  });
}
