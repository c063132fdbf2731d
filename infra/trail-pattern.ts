/**
 * Matches S3's "Object Created" for log files of a trail bucket: `[prefix/]AWSLogs/[o-id/]account/CloudTrail/...json.gz`.
 * Digests and the like lie in folders of their own (`CloudTrail-Digest` ...), which `/CloudTrail/` does not match.
 * One pattern with three wildcards: EventBridge refuses more as "too complex".
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function logFileCreated(bucketName: string) {
  return objectCreated(bucketName, '*AWSLogs/*/CloudTrail/*.json.gz');
}

/** The same for digests, which lie in a folder of their own (CloudTrail guide, digest file structure). */
export function digestCreated(bucketName: string) {
  return objectCreated(bucketName, '*AWSLogs/*/CloudTrail-Digest/*.json.gz');
}

function objectCreated(bucketName: string, wildcard: string) {
  return {
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: { bucket: { name: [bucketName] }, object: { key: [{ wildcard }] } },
  };
}
