import { lastPart, parseArn } from '../records/arn.ts';
import type { Json } from '../records/read.ts';
import type { Place } from './place.ts';
import type { Row } from './row.ts';
import { textsAt } from './values.ts';

/** What a row found: the name or ARN, and what else its form tells (`account` of a queue's address). */
export interface Found {
  value: string;
  /** the whole text that it is taken of */
  text: string;
  groups: Record<string, string | undefined>;
}

/**
 * The id of what a row found. An ARN is taken as it is, but for the path of what IAM finds by name alone; else it is made by
 * the row. A name that no ARN can be made of is bounded by service, partition, region, account, type and what it is unique
 * in, in this order and parted by blanks: two names that differ, or lie apart, make two ids.
 */
export function idOf(found: Found, row: Row, service: string, place: Place, record: Json): string {
  if (parseArn(found.value)) return canonical(found.value);
  const arn = row.arn === undefined ? null : filled(row.arn, found, place, record);
  if (arn !== null) return `arn:${place.partition}:${arn}`;
  const within = boundsOf(row).map(each => allOf(each, record));
  const { partition, region, account, event } = place;
  const bounds = [service, partition, region, account ?? event, row.type ?? '', ...within];
  // Blanks part the bounds: none may have one of its own.
  return [...bounds.map(bound => encodeURIComponent(bound.toWellFormed())), found.value].join(' ');
}

/** What a name lies in: as the row says, and whatever else its ARN would be made of. */
function boundsOf({ within = [], arn = '' }: Row): string[] {
  const members = [...arn.matchAll(/\{((?:request|response)\.[^}/]*)\/?\}/g)].map(
    ([, member = '']) => member,
  );
  return [...new Set([within, members].flat())];
}

/** Null where a part is missing, or one has a character that would make it end elsewhere. */
function filled(template: string, found: Found, place: Place, record: Json): string | null {
  let whole = true;
  const arn = template.replace('@', '{region}:{account}').replace(/\{([^}]*)\}/g, (_, hole: string) => {
    const text = partOf(hole, found, place, record);
    if (text === null || (hole !== '*' && !hole.endsWith('/') && /[/:]/.test(text))) whole = false;
    return text ?? '';
  });
  return whole ? arn : null;
}

function partOf(hole: string, { value, groups }: Found, place: Place, record: Json): string | null {
  if (hole === '' || hole === '*') return value;
  if (groups[hole] !== undefined) return groups[hole];
  if (!hole.endsWith('/')) return firstOf(hole, place, record);
  // A part that AWS leaves out where it is the default one.
  const text = firstOf(hole.slice(0, -1), place, record) ?? 'default';
  if (/[/:]/.test(text)) return null;
  return text === 'default' ? '' : `${text}/`;
}

/** The first that is there of `request.registryId|account|=default`: a member, what the record's place tells, a text. */
function firstOf(alternatives: string, place: Place, record: Json): string | null {
  for (const each of alternatives.split('|')) {
    const text = each.startsWith('=') ? each.slice(1) : (ofPlace(each, place) ?? textsAt(record, each)[0]);
    if (text) return nameAlone(text, place);
  }
  return null;
}

/** Every text of the first alternative that is there: what something lies in may be several. */
function allOf(alternatives: string, record: Json): string {
  const members = alternatives.split('|').filter(each => each.includes('.'));
  const texts = members.map(each => textsAt(record, each));
  return texts.find(each => each.length > 0)?.join('\n') ?? '';
}

function ofPlace(hole: string, place: Place): string | null {
  return hole === 'region' ? place.region : hole === 'account' ? place.account : null;
}

/** A cluster may be given by its ARN: of the same place its name says as much. */
function nameAlone(text: string, place: Place): string {
  const arn = parseArn(text);
  return arn && arn.account === place.account && arn.region === place.region ? lastPart(arn.resource) : text;
}

/**
 * Users, roles, groups and instance profiles are unique by name in their account, whatever their path (IAM guide, "IAM
 * identifiers"), and most calls give the name alone: the path must not make two of one.
 */
const pathless = /^(arn:[^:]*:iam::\d*:(?:user|role|group|instance-profile)\/)(?:.*\/)?([^/]+)$/s;

/** An ARN as an id: what a look-up by ARN must ask for. */
export function canonical(arn: string): string {
  return arn.replace(pathless, '$1$2');
}
