import { lastPart, parseArn } from '../records/arn.ts';
import type { Json } from '../records/read.ts';
import type { Found } from './id.ts';
import type { Row } from './row.ts';
import { arns } from './tables/arns.ts';
import { allRows } from './tables/index.ts';
import { textsAt } from './values.ts';

/** What people call a resource by: the row's way of saying it, the name itself, or what an ARN ends with. */
export function nameOf({ value, text }: Pick<Found, 'value' | 'text'>, row?: Row, record?: Json): string {
  const arn = parseArn(value);
  if (arn?.resource === 'root') return arn.account;
  if (arn) return inArn(arn.service, arn.resource) || value;
  if (!row?.name || !record) return value;
  return row.name.replace(/\{([^}]*)\}/g, (_, hole: string) => {
    if (hole === 'text') return text;
    return hole === '' ? value : (textsAt(record, hole)[0] ?? '?');
  });
}

/** Services whose names have slashes or colons: all behind the kind of the resource is the name. */
const slashed = new Set(['logs', 'bedrock', 'ecr', 'events', 'states', 'elasticloadbalancing', 'glue']);

function inArn(service: string, resource: string): string {
  if (service === 's3') return resource;
  // A secret's name, without the characters that its ARN has behind it.
  if (service === 'secretsmanager') return resource.replace(/^secret:/, '').replace(/-[A-Za-z0-9]{6}$/, '');
  if (service === 'lambda') return resource.replace(/^[a-z-]+:/, '');
  // A parameter within others is written with a slash before it, which its ARN has not.
  if (service === 'ssm') return resource.replace(/^parameter\/(?=.*\/)/, '/').replace(/^[a-z-]+\//, '');
  if (slashed.has(service)) return resource.replace(/^[^/:]+[/:]/, '');
  const last = lastPart(resource);
  return last.slice(last.lastIndexOf(':') + 1);
}

/** How ARNs begin behind the account, by service, longest first: `user/` of `iam::{account}:user/{}`. */
const beginnings = Map.groupBy(
  [...arns, ...allRows.map(beginning).filter(each => each !== null)].sort(
    ([, a], [, b]) => b.length - a.length,
  ),
  ([service]) => service,
);

function beginning({ arn, type }: Row): [string, string, string] | null {
  const [service = '', , , ...rest] = (arn ?? '').replace('@', '{region}:{account}').split(':');
  const begins = /^[^{]*/.exec(rest.join(':'))?.[0] ?? '';
  // ARNs of topics and queues name one kind alone, without saying it.
  if (!arn || !type) return null;
  return begins !== '' || service === 'sns' || service === 'sqs' ? [service, begins, type] : null;
}

/** The type of a resource that its ARN alone shows: the tables', else the one given, else `service:kind`. */
export function typeOf(arn: string, otherwise?: string): string {
  const { service = '', resource = '' } = parseArn(arn) ?? {};
  if (service === 's3' && !/^(?:accesspoint|storage-lens|job|access-grants)\//.test(resource))
    return resource.includes('/') ? 'AWS::S3::Object' : 'AWS::S3::Bucket';
  if (service === 'iam' && resource === 'root') return 'AWS::::Account';
  if (service === 'logs' && resource.includes(':log-stream:')) return 'AWS::Logs::LogStream';
  const known = beginnings.get(service)?.find(([, begins]) => resource.startsWith(begins));
  if (known) return known[2];
  if (otherwise) return otherwise;
  const kind = /^([a-zA-Z-]+)[/:]/.exec(resource)?.[1];
  return kind ? `${service}:${kind}` : service;
}
