import { parseArn } from '../records/arn.ts';
import type { Json } from '../records/read.ts';
import type { Place } from './place.ts';
import type { Row } from './row.ts';
import { textsAt } from './values.ts';

/**
 * The id of what a row names. An ARN is taken as it is, but for the path of what IAM finds by name alone; else it is made by
 * the row. A name that no ARN can be made of is bounded by service, partition, region, account and type, in the order of
 * `SERVICE PARTITION REGION ACCOUNT TYPE WITHIN NAME`: two names that differ, or lie apart, make two ids.
 */
export function idOf(value: string, row: Row, service: string, place: Place, record: Json): string {
  if (parseArn(value)) return canonical(value);
  const arn = row.arn === undefined ? null : filled(row.arn, value, place, record);
  if (arn !== null) return `arn:${place.partition}:${arn}`;
  const within = row.within === undefined ? [] : textsAt(record, row.within).slice(0, 1);
  const bounds = [service, place.partition, place.region, place.account ?? place.event, row.type, ...within];
  // Blanks part the bounds: none may have one of its own.
  return [...bounds.map(bound => encodeURIComponent(bound)), value].join(' ');
}

/** Null where a part is missing, or one has a character that would make it end elsewhere. */
function filled(template: string, value: string, place: Place, record: Json): string | null {
  let whole = true;
  const arn = template.replace(/\{([^}]*)\}/g, (_, hole: string) => {
    const text = partOf(hole, value, place, record);
    if (text === null || (hole !== '*' && /[/:]/.test(text))) whole = false;
    return text ?? '';
  });
  return whole ? arn : null;
}

function partOf(hole: string, value: string, place: Place, record: Json): string | null {
  if (hole === '' || hole === '*') return value;
  if (hole === 'region') return place.region || null;
  return hole === 'account' ? place.account : (textsAt(record, hole)[0] ?? null);
}

/**
 * Users, roles, groups and instance profiles are unique by name in their account, whatever their path (IAM guide, "IAM
 * identifiers"), and most calls give the name alone: the path must not make two of one.
 */
const pathless = /^(arn:[^:]*:iam::\d*:(?:user|role|group|instance-profile)\/)(?:.*\/)?([^/]+)$/;

/** An ARN as an id: what a look-up by ARN must ask for. */
export function canonical(arn: string): string {
  return arn.replace(pathless, '$1$2');
}
