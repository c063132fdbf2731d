import {
  CloudTrailClient,
  type CloudTrailClientConfig,
  paginateListPublicKeys,
} from '@aws-sdk/client-cloudtrail';
import { keptKeys, type PublicKey, type PublicKeys, publicKey } from '../../core/digests/public-keys.ts';
import { bounded } from '../runtime/clients.ts';
import { AuditError } from '../runtime/errors.ts';

/** CloudTrail's public keys: each Region has its own, and lists them there (ListPublicKeys). */
export function trailKeys(options: CloudTrailClientConfig = {}): PublicKeys {
  const clients = new Map<string, CloudTrailClient>();
  return keptKeys((region, from, to) => {
    const client = clients.get(region) ?? new CloudTrailClient({ ...bounded, ...options, region });
    clients.set(region, client);
    return listed(client, from, to);
  });
}

async function listed(client: CloudTrailClient, from: number, to: number): Promise<readonly PublicKey[]> {
  const keys: PublicKey[] = [];
  const asked = { StartTime: new Date(from), EndTime: new Date(to) };
  for await (const { PublicKeyList = [] } of paginateListPublicKeys({ client }, asked)) {
    for (const { Value, Fingerprint, ValidityStartTime, ValidityEndTime } of PublicKeyList) {
      if (!Value || !Fingerprint || !ValidityStartTime || !ValidityEndTime) {
        throw new AuditError(
          'BrokenKey',
          'CloudTrail told a public key without value, fingerprint or validity',
        );
      }
      const validity = [ValidityStartTime.getTime(), ValidityEndTime.getTime()] as const;
      keys.push(publicKey(Buffer.from(Value), Fingerprint, ...validity));
    }
  }
  return keys;
}
