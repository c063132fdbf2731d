import { type PublicKey, parsePublicKeys } from '../../core/digests/public-keys.ts';
import { UsageError } from '../failure.ts';
import { readSmallFile } from './small-file.ts';

/** A key has some 500 bytes; a region some dozen keys a year. */
const mostKeyBytes = 16_000_000;

/** The public keys of files that `aws cloudtrail list-public-keys` wrote. Throws UsageError naming the file. */
export function readKeyFiles(files: readonly string[]): PublicKey[] {
  return files.flatMap(file => {
    try {
      return parsePublicKeys(readSmallFile(file, mostKeyBytes).toString('utf8'));
    } catch (error) {
      throw new UsageError(
        `${file} cannot be read as what "aws cloudtrail list-public-keys" prints: ${(error as Error).message}`,
        error,
      );
    }
  });
}

/** The keys as that command prints them. */
export function keysText(keys: readonly PublicKey[]): string {
  const PublicKeyList = keys.map(({ der, fingerprint, validFrom, validUntil }) => ({
    Value: der.toString('base64'),
    Fingerprint: fingerprint,
    ValidityStartTime: new Date(validFrom).toISOString(),
    ValidityEndTime: new Date(validUntil).toISOString(),
  }));
  return `${JSON.stringify({ PublicKeyList }, null, 2)}\n`;
}
