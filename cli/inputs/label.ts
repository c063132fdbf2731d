import { shortHash } from '../../core/hash.ts';
import { clean } from '../../core/records/clean.ts';

/** Bytes of an object's key (S3 guide, Naming objects: 1,024 at most), less what a decoded export adds. */
const mostBytes = 980;

/**
 * The key of an archive's member: `logs.zip!/AWSLogs/...`. A member's name is only a label, which no path is made of: what would
 * lead out of a folder (`..`, a drive, a leading slash) leads nowhere.
 */
export function memberKey(archive: string, name: string): string {
  const parts = name
    .replaceAll('\\', '/')
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .map(part => (part === '..' ? '(..)' : clean(part)));
  const label = parts.join('/') || '(no name)';
  const key = `${archive}!/${label}`;
  if (Buffer.byteLength(key) <= mostBytes) return key;
  // The end tells what it is.
  const end = [...label.slice(label.lastIndexOf('/') + 1)].slice(-100).join('');
  return `${[...archive].slice(0, 100).join('')}!/${shortHash(key)}-${end}`;
}
