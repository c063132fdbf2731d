import { lastPart } from '../records/arn.ts';
import { canonical } from './id.ts';
import { nameOf } from './naming.ts';
import type { Resource } from './resource.ts';

/** Names of resources are found in any case, as people write them; two that differ in case alone are both found. */
function comparable(text: string): string {
  return text.trim().toLowerCase();
}

/**
 * Where a resource is filed: by the last part of its name. What there are too many of lies with what it is in: an object of S3 with
 * its bucket, a stream with its log group. So reading a million objects files one place.
 */
export function placeOfResource({ type, name }: Pick<Resource, 'type' | 'name'>): string {
  const text = comparable(name);
  if (type === 'AWS::S3::Object') return bucketIn(text);
  return type === 'AWS::Logs::LogStream' ? ending(groupIn(text)) : ending(text);
}

/** Where a resource may be filed that somebody calls so: an ARN, a name, the end of one, `bucket/key`, `s3://bucket/key`. */
export function placesAsked(asked: string): string[] {
  const text = plain(asked);
  const named = nameOf({ value: text, text });
  const names = [named, text, groupIn(named), ...nameInId(text)];
  return [...new Set([...names.map(ending), bucketIn(named)])].filter(place => place !== '');
}

/** Is it what somebody calls so? A bucket is also meant by the calls to its objects. */
export function isCalled({ id, name, type }: Pick<Resource, 'id' | 'name' | 'type'>, asked: string): boolean {
  const text = plain(asked);
  const [ofId, ofName] = [comparable(id), comparable(name)];
  if (ofId === text || ofName === text || ofName.endsWith(`/${text}`) || ofName.endsWith(`:${text}`))
    return true;
  const bucket = text.replace(/^arn:[^:]*:s3:::/, '');
  return type === 'AWS::S3::Object' && !bucket.includes('/') && bucketIn(ofName) === bucket;
}

/** Of an id that is no ARN, what may be its name, or what it is in: it stands behind five bounds or more (id.ts), and may have blanks itself. */
function nameInId(text: string): string[] {
  const parts = text.split(' ').slice(5);
  const names = parts.slice(0, mostBounds).map((_, index) => parts.slice(index).join(' '));
  return [...names, ...parts.slice(0, 1).map(unescaped)];
}

function unescaped(bound: string): string {
  try {
    return decodeURIComponent(bound);
  } catch {
    // A name that is no bound may have a sign of percent of its own.
    return bound;
  }
}

const mostBounds = 4;

function plain(asked: string): string {
  return canonical(comparable(asked).replace(/^s3:\/\//, ''));
}

function ending(name: string): string {
  // Records have names that end without a name: `group/`.
  const whole = name.replace(/[/:]+$/, '');
  return lastPart(whole).split(':').at(-1) || name;
}

function bucketIn(name: string): string {
  return name.split('/')[0] ?? '';
}

/** `/aws/lambda/a` of `/aws/lambda/a:stream` */
function groupIn(name: string): string {
  return name.split(':')[0] || name;
}
