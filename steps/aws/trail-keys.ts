import {
  CloudTrailClient,
  type CloudTrailClientConfig,
  ListPublicKeysCommand,
} from '@aws-sdk/client-cloudtrail';
import { AuditError } from '../errors.ts';
import { type PublicKey, type PublicKeys, publicKey } from '../integrity/public-keys.ts';

const hour = 3600 * 1000;

/**
 * CloudTrail's own keys: each region has its own, and tells them there (ListPublicKeys). Asked once per region and day of
 * the digests, as long as the process lives. A failure is thrown and not kept.
 */
export function trailKeys(options: CloudTrailClientConfig = {}): PublicKeys {
  const clients = new Map<string, CloudTrailClient>();
  const known = new Map<string, Promise<readonly PublicKey[]>>();
  return async (region, from, to) => {
    const client = clients.get(region) ?? new CloudTrailClient({ ...options, region });
    clients.set(region, client);
    const span = [Math.floor(from / (24 * hour)), Math.floor(to / (24 * hour)) + 1] as const;
    const name = `${region} ${span}`;
    const keys = known.get(name) ?? listed(client, span[0] * 24 * hour, span[1] * 24 * hour);
    known.set(name, keys);
    keys.catch(() => known.delete(name));
    return keys;
  };
}

async function listed(client: CloudTrailClient, from: number, to: number): Promise<readonly PublicKey[]> {
  const keys: PublicKey[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListPublicKeysCommand({
        StartTime: new Date(from),
        EndTime: new Date(to),
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    for (const { Value, Fingerprint, ValidityStartTime, ValidityEndTime } of page.PublicKeyList ?? []) {
      if (!Value || !Fingerprint || !ValidityStartTime || !ValidityEndTime) {
        throw new AuditError(
          'BrokenKey',
          'CloudTrail told a public key without value, fingerprint or validity',
        );
      }
      const validity = [ValidityStartTime.getTime(), ValidityEndTime.getTime()] as const;
      keys.push(publicKey(Buffer.from(Value), Fingerprint, ...validity));
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return keys;
}
