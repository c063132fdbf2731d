import * as z from 'zod';

/** Seconds, or ISO 8601: versions of the AWS CLI differ. */
const seconds = z.union([
  z.number(),
  z
    .string()
    .transform(text => Date.parse(text) / 1000)
    .pipe(z.number()),
]);

const keyShape = z.object({
  Value: z.string(),
  Fingerprint: z.string(),
  ValidityStartTime: seconds,
  ValidityEndTime: seconds,
});

/** A public key as ListPublicKeys answers it, times in seconds. */
export type ListedKey = z.infer<typeof keyShape>;

const listShape = z.object({ PublicKeyList: z.array(keyShape) });

/** Reads what `aws cloudtrail list-public-keys` prints. Whether a fingerprint is its key's is for who uses the key. */
export function readKeyList(text: string): ListedKey[] {
  return listShape.parse(JSON.parse(text)).PublicKeyList;
}
