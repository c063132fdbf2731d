import { accountInArn, parseArn } from '../records/arn.ts';
import { denialOf } from '../records/denial.ts';
import { isObject, type Json, textAt } from '../records/read.ts';
import { accessOf } from './access.ts';
import { generalRule } from './general.ts';
import { canonical, type Found, idOf } from './id.ts';
import { nameOf, typeOf } from './naming.ts';
import { type Place, placeOf } from './place.ts';
import type { Resource, Source, Touched } from './resource.ts';
import type { Row } from './row.ts';
import { rowsOf } from './tables/index.ts';
import { textsAt } from './values.ts';

/** So many are listed of one call. */
const mostListed = 50;

/**
 * What a call touched, of its whole record as CloudTrail wrote it: what the tables find in request and response, and
 * `resources`; else what the message of a denial names, or the general rule finds. Never throws, whatever the record's shape.
 */
export function touchedBy(record: Json): Touched {
  const service = serviceOf(record);
  const call = callOf(record);
  const tabled = rowsOf(service).filter(row => !row.calls || row.calls.test(call));
  const named = [...tabled.flatMap(row => fromRow(row, service, record)), ...fromResources(record)];
  const known = named.length > 0 ? named : fromDenial(record);
  const rows = known.length > 0 ? [] : generalRule(record, service, call);
  const resources = merged([...known, ...rows.flatMap(row => fromRow(row, service, record))]);
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

function fromRow(row: Row, service: string, record: Json): Resource[] {
  const place = placeOf(record);
  for (const at of typeof row.at === 'string' ? [row.at] : row.at) {
    const texts = textsOf(at, place, record);
    const found = texts.map(text => read(text, row)).filter(each => each !== null);
    if (found.length === 0) continue;
    return found.map(each => {
      const id = idOf(each, row, service, place, record);
      return {
        id,
        type: parseArn(each.value) ? typeOf(id, row.type) : (row.type ?? service),
        name: nameOf(each, row, record),
        account: ownerOf(id, parseArn(id) ? null : place.account),
        from: sourceOf(at),
      };
    });
  }
  return [];
}

/** `account`: that of the record, for a call about the account as a whole; `=default`: that very text. */
function textsOf(at: string, place: Place, record: Json): string[] {
  if (at === 'account') return place.account === null ? [] : [place.account];
  return at.startsWith('=') ? [at.slice(1)] : textsAt(record, at);
}

function read(text: string, { form, type }: Row): Found | null {
  if (type === undefined && !parseArn(text)) return null;
  if (!form) return { value: text, text, groups: {} };
  const match = form.exec(text);
  return match && { value: match.groups?.name ?? text, text, groups: match.groups ?? {} };
}

/** Of a refused call CloudTrail often keeps no request: then its message says what it was about, as an ARN or `user jsmith`. */
function fromDenial(record: Json): Resource[] {
  const said = denialOf(record)?.resource?.replace(/^policy (?=arn:)/, '') ?? '*';
  if (said.includes('*')) return [];
  const place = placeOf(record);
  const [, kind = '', name = ''] = /^(user|role|group|policy|instance profile) (\S+)$/.exec(said) ?? [];
  const made = name && place.account ? `iam::${place.account}:${kind.replace(' ', '-')}/${name}` : null;
  const arn = made ? `arn:${place.partition}:${made}` : said;
  if (!parseArn(arn)) return [];
  return [
    {
      id: canonical(arn),
      type: typeOf(arn),
      name: nameOf({ value: arn, text: arn }),
      account: accountInArn(arn),
      from: 'response',
    },
  ];
}

/** What stands beside request and response (an event of the service itself, the caller) was asked for, too. */
function sourceOf(path: string): Source {
  return path.startsWith('response.') ? 'response' : 'request';
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
      name: nameOf({ value: arn, text: arn }),
      account: ownerOf(arn, textAt(each, 'accountId')),
      from: 'resources' as const,
    };
  });
}

/** Null for what is of no account: a policy of AWS, a bucket that only its name is known of. */
function ownerOf(id: string, otherwise: string | null): string | null {
  const account = accountInArn(id) ?? otherwise;
  return account !== null && /^\d+$/.test(account) ? account : null;
}

/** Each once: a table knows the name that people use, `resources` whose it is. */
function merged(found: readonly Resource[]): Resource[] {
  const byId = new Map<string, Resource>();
  for (const resource of found) {
    const known = byId.get(resource.id);
    byId.set(resource.id, known ? { ...known, account: known.account ?? resource.account } : resource);
  }
  return [...byId.values()];
}
