import { clientText } from '../../../core/records/client.ts';
import type { Denial } from '../../../core/records/denial.ts';
import { isCredentialRefused } from '../../../core/records/refused-credential.ts';
import type { Doing } from '../../../core/resources/doing.ts';
import type { Access, Resource } from '../../../core/resources/resource.ts';
import type { RefusedCalls, SeenClient, TouchedResource } from '../../../core/resources/summary.ts';
import type { Doings } from '../../queries/doings.ts';
import { clean } from '../text/clean.ts';
import { day, plural } from '../text/format.ts';
import type { Paint } from '../text/paint.ts';

/** Of each list; the console and --json have more. */
const mostShown = 12;

/** What calls of a session did, refused ones apart, and with which clients. */
export function doingLines(doings: Doings, paint: Paint): string[] {
  const { resources, refused, failed, clients, calls, all, missing } = doings;
  const of = all ? '' : ` (of the newest ${plural(calls, 'call')})`;
  return [
    ...(missing === null
      ? []
      : ['', `  ${paint.yellow(`what some of its calls touched is not known: ${clean(missing)}`)}`]),
    ...titled(`touched${of}`, resources.filter(wasTouched), 'resource', each => resourceLine(each, paint)),
    ...titled(`refused${of}`, refused, 'kind of call', each => refusedLine(each, paint)),
    ...(failed > 0 ? ['', `  ${plural(failed, 'call')} failed for a reason other than permission`] : []),
    ...titled(
      clients.length > 1 ? `clients${of}: more than one was used` : `client${of}`,
      clients,
      'client',
      each => clientLine(each, paint),
    ),
  ];
}

/** Whether any call on it was done: what was only tried stands with what was refused. */
export function wasTouched({ counts }: TouchedResource): boolean {
  return Object.values(counts).some(count => count > 0);
}

function titled<T>(title: string, items: readonly T[], what: string, line: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const rest = items.length - mostShown;
  return [
    '',
    `  ${title}`,
    ...items.slice(0, mostShown).map(item => `    ${line(item)}`),
    ...(rest > 0 ? [`    and ${plural(rest, `more ${what}`)}`] : []),
  ];
}

function resourceLine(resource: TouchedResource, paint: Paint): string {
  const { name, type, account } = resource;
  const whose = account ? ` of ${clean(account)}` : '';
  return `${paint.bold(clean(name))}  ${paint.dim(`${clean(typeText(type))}${whose}`)}  ${countsText(resource)}`;
}

function refusedLine({ calls, denial, ...first }: RefusedCalls, paint: Paint): string {
  const { eventSource, eventName, errorCode, resources, moreResources, first: from } = first;
  const names = namesText(resources, moreResources);
  const count = calls > 1 ? ` ×${calls.toLocaleString('en-US')}` : '';
  const call = `${serviceText(eventSource)} ${clean(eventName)}${count}`;
  return `${day(from)}  ${paint.red(call)}${names ? `  ${names}` : ''}  ${clean(refusalText(denial, errorCode))}`;
}

function clientLine({ client, calls, addresses, firstUsed, lastUsed }: SeenClient, paint: Paint): string {
  const from = namesText(addresses.slice(0, 3), addresses.length - 3);
  const span = firstUsed === lastUsed ? day(firstUsed) : `${day(firstUsed)} – ${day(lastUsed)}`;
  const name = client ? clean(clientText(client)) : 'no user agent';
  return `${span}  ${name} ${paint.dim(`from ${from || 'no address'} (${plural(calls, 'call')})`)}`;
}

/** `3 writes, 1 read, 2 refused`, what weighs most first. */
export function countsText({ counts, refused, failed }: TouchedResource): string {
  const parts: [number, string][] = [
    [counts.permission, 'permission change'],
    [counts.write, 'write'],
    [counts.unknown, 'call'],
    [counts.read, 'read'],
  ];
  const done = parts.filter(([count]) => count > 0).map(([count, what]) => plural(count, what));
  const not = [refused > 0 ? `${refused} refused` : null, failed > 0 ? `${failed} failed` : null];
  return [...done, ...not.filter(part => part !== null)].join(', ');
}

/** `IAM Role` of `AWS::IAM::Role`, `glue devendpoint` of `glue:devendpoint`. */
export function typeText(type: string): string {
  return type
    .replace(/^AWS::(?:::)?/, '')
    .replace(/^::/, '')
    .replace(/::?/g, ' ');
}

/** What a call touched, in a few words: the first names, and how many more. */
export function touchedText({ resources, more }: { resources: readonly Resource[]; more: number }): string {
  const shown = resources.slice(0, 2).map(({ name }) => name);
  return namesText(shown, resources.length - shown.length + more);
}

function namesText(names: readonly string[], more: number): string {
  const listed = names.map(clean).join(', ');
  return more > 0 ? `${listed} and ${more.toLocaleString('en-US')} more` : listed;
}

/** Why a call was refused, as far as its message tells. */
export function refusalText(denial: RefusedCalls['denial'] | Denial, errorCode: string | null): string {
  if (isCredentialRefused(errorCode)) return `${errorCode}: AWS did not accept the credential`;
  const { policy = null, policyArn = null, deny = null, encoded = false } = denial ?? {};
  const arn = policyArn ? ` ${policyArn}` : '';
  if (policy === 'S3 Block Public Access') return 'blocked by S3 Block Public Access';
  const article = /^[aeiou]/.test(policy ?? '') ? 'an' : 'a';
  if (policy && deny === 'explicit') return `explicit deny in ${article} ${policy}${arn}`;
  if (policy) return `no ${policy} allows it${arn}`;
  if (encoded) return 'the reason is encoded in the message: aws sts decode-authorization-message reads it';
  return `${errorCode ?? 'denied'}: the message names no policy`;
}

/** What a permission change, a write or a read is called. */
export const accesses: Record<Access, string> = {
  permission: 'permission change',
  write: 'write',
  read: 'read',
  unknown: 'read or write not known',
};

export function serviceText(eventSource: string): string {
  return clean(eventSource.replace(/\.amazonaws\.com(?:\.cn)?$/, ''));
}

/** What one event did: access, resources with their ids, and why it was refused. */
export function eventDoingLines(doing: Doing, errorCode: string | null, paint: Paint): string[] {
  const { access, resources, more, outcome, denial, message, client } = doing;
  const field = (name: string, text: string) => `  ${paint.dim(name.padEnd(9))} ${text}`;
  const lines = [field('access', `${accesses[access]}${outcome === 'done' ? '' : `, ${outcome}`}`)];
  for (const { name, type, id } of resources.slice(0, mostShown))
    lines.push(
      field('touched', `${paint.bold(clean(name))}  ${paint.dim(`${clean(typeText(type))}  ${clean(id)}`)}`),
    );
  const rest = resources.length - mostShown + more;
  if (rest > 0) lines.push(field('', `and ${plural(rest, 'more resource')}`));
  if (outcome === 'refused') lines.push(field('refused', paint.red(clean(refusalText(denial, errorCode)))));
  if (message && outcome !== 'done') lines.push(field('message', clean(message)));
  if (client) lines.push(field('client', clean(clientText(client))));
  return lines;
}
