import type { ServiceTable } from '../row.ts';

/** S3 user guide, "Amazon S3 CloudTrail events": bucketName and key; ARNs of buckets name neither region nor account. */
export const s3: ServiceTable = {
  sources: ['s3'],
  rows: [
    {
      at: 'request.key',
      type: 'AWS::S3::Object',
      arn: 's3:::{request.bucketName}/{*}',
      within: 'request.bucketName',
      name: '{request.bucketName}/{}',
    },
    { at: 'request.bucketName', type: 'AWS::S3::Bucket', arn: 's3:::{}' },
  ],
};
