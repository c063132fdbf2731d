import { accountInArn, parseArn } from '../records/arn.ts';
import { isObject, type Json, textAt } from '../records/read.ts';
import { accessOf } from './access.ts';
import { canonical, idOf } from './id.ts';
import { nameOf, typeOf } from './naming.ts';
import { type Place, placeOf } from './place.ts';
import type { Resource, Source, Touched } from './resource.ts';
import type { Row } from './row.ts';
import { rowsOf } from './tables/index.ts';
import { textsAt } from './values.ts';

/** So many are listed of one call. */
const mostListed = 50;

/**
 * What a call touched, of its whole record as CloudTrail wrote it: `resources`, and what the tables find in request and
 * response. Never throws, whatever the shape: a record says what it says.
 */
export function touchedBy(record: Json): Touched {
  const place = placeOf(record);
  const service = serviceOf(record);
  const call = callOf(record);
  const found = new Map<string, Resource>();
  for (const resource of [...fromTables(record, service, call, place), ...fromResources(record)]) {
    // A table knows the name that people use, `resources` whose it is.
    const known = found.get(resource.id);
    found.set(resource.id, known ? { ...known, account: known.account ?? resource.account } : resource);
  }
  const resources = [...found.values()];
  return {
    access: accessOf(record, service, call),
    resources: resources.slice(0, mostListed),
    more: Math.max(0, resources.length - mostListed),
  };
}

/** `s3` of `s3.amazonaws.com`, and of its like in other partitions. */
function serviceOf(record: Json): string {
  return (textAt(record, 'eventSource') ?? '').replace(/\.amazonaws\.com(?:\.cn)?$/, '');
}

/** CloudTrail appends the version of the API to names of some services: `Invoke20150331v2`, `CreateFunction2020_05_31`. */
function callOf(record: Json): string {
  return (textAt(record, 'eventName') ?? '').replace(/20\d\d_?\d\d_?\d\d(?:v\d+)?$/, '');
}

function* fromTables(record: Json, service: string, call: string, place: Place): Generator<Resource> {
  for (const row of rowsOf(service)) {
    if (row.calls && !row.calls.test(call)) continue;
    const paths = typeof row.at === 'string' ? [row.at] : row.at;
    const at = paths.find(path => textsAt(record, path).length > 0);
    if (at === undefined) continue;
    for (const value of textsAt(record, at)) yield ofRow(value, row, at, { record, service, place });
  }
}

function ofRow(
  value: string,
  row: Row,
  at: string,
  { record, service, place }: { record: Json; service: string; place: Place },
): Resource {
  const id = idOf(value, row, service, place, record);
  const arn = parseArn(id);
  return {
    id,
    type: row.type,
    name: nameOf(value, row, record),
    account: arn ? accountInArn(id) : place.account,
    from: at.slice(0, at.indexOf('.')) as Source,
  };
}

/** `resources: [{ARN, accountId, type}]`: types are missing at times (record contents). */
function fromResources(record: Json): Resource[] {
  const listed = Array.isArray(record.resources) ? record.resources.filter(isObject) : [];
  return listed.flatMap(each => {
    const arn = textAt(each, 'ARN') ?? textAt(each, 'arn');
    if (!arn) return [];
    return {
      id: canonical(arn),
      type: textAt(each, 'type') ?? typeOf(arn),
      name: nameOf(arn),
      account: accountInArn(arn) ?? textAt(each, 'accountId'),
      from: 'resources' as const,
    };
  });
}
