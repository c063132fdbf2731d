import { lastPart, parseArn } from '../records/arn.ts';
import type { Json } from '../records/read.ts';
import type { Row } from './row.ts';
import { textsAt } from './values.ts';

/** What people call a resource by: the row's way of saying it, the name itself, or what an ARN ends with. */
export function nameOf(value: string, row?: Row, record?: Json): string {
  const arn = parseArn(value);
  if (arn) return inArn(arn.service, arn.resource);
  if (!row?.name || !record) return value;
  return row.name.replace(/\{([^}]*)\}/g, (_, hole: string) =>
    hole === '' ? value : (textsAt(record, hole)[0] ?? '?'),
  );
}

/** Services whose names have slashes or colons: all behind the kind of the resource is the name. */
const whole = new Set(['ssm', 'secretsmanager', 'logs', 'ecr', 'events', 'states']);

function inArn(service: string, resource: string): string {
  if (service === 's3') return resource;
  if (service === 'secretsmanager') return resource.replace(/^secret:/, '').replace(/-[A-Za-z0-9]{6}$/, '');
  if (whole.has(service)) return resource.replace(/^[^/:]+[/:]/, '');
  return lastPart(resource).replace(/^[a-zA-Z-]+:/, '');
}

/** The type of a resource that its ARN alone shows, as `service:kind`. */
export function typeOf(arn: string): string {
  const { service = '', resource = '' } = parseArn(arn) ?? {};
  if (service === 's3') return resource.includes('/') ? 'AWS::S3::Object' : 'AWS::S3::Bucket';
  const kind = /^([a-zA-Z-]+)[/:]/.exec(resource)?.[1];
  return kind ? `${service}:${kind}` : service;
}
