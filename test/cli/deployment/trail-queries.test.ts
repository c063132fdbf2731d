import { NoSuchKey, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { TrailBucket } from '../../../cli/deployment/trail-queries.ts';
import { AccessRefused } from '../../../cli/queries/store.ts';

const failure = { $metadata: {}, message: 'no' };

/** A trail's bucket whose requests, and whose list of keys, fail so. */
function trailThatFails(error: Error) {
  const fail = async () => {
    throw error;
  };
  const client = Object.assign(new S3Client({ region: 'us-east-1' }), { send: fail });
  return new TrailBucket(client, { bucket: 'trail', account: '999999999999', keys: fail });
}
const asked = ['fingerprint', 'us-east-1', 0, 1] as const;

test.each([
  // S3 API reference, error responses; CloudTrail API reference, common errors
  [403, 'Forbidden'],
  [400, 'AccessDeniedException'],
])('what may not be read is told as that: %d %s', async (httpStatusCode, name) => {
  const $metadata = { httpStatusCode };
  const trail = trailThatFails(new S3ServiceException({ ...failure, name, $fault: 'client', $metadata }));
  await expect(trail.open('trail', 'key')).rejects.toThrow(AccessRefused);
  await expect(trail.publicKeys(...asked)).rejects.toThrow(AccessRefused);
});

test('what is not there is null, and any other failure is thrown as it is', async () => {
  expect(await trailThatFails(new NoSuchKey(failure)).open('trail', 'key')).toBeNull();
  const busy = new S3ServiceException({ ...failure, name: 'SlowDown', $fault: 'server' });
  await expect(trailThatFails(busy).open('trail', 'key')).rejects.toBe(busy);
  await expect(trailThatFails(busy).publicKeys(...asked)).rejects.toBe(busy);
});
