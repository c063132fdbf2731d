import { parseArn } from '../records/arn.ts';
import { isObject, type Json } from '../records/read.ts';
import { typesOf } from './iam/actions.ts';
import type { Row } from './row.ts';
import { memberNames, textsAt } from './values.ts';

/**
 * Rows for a call of a service without a table, or one that its table does not know: by the service's resource types in the
 * service authorization reference, whose ARNs say what their members are called; then by members that hold an ARN; else by
 * all that identifies something in the request, taken together, because nothing tells which lies in which.
 */
export function generalRule(record: Json, source: string, call: string): Row[] {
  const rows = [...ofTypes(record, source, call), ...ofArns(record)];
  if (rows.length > 0) return rows;
  const asked = ofNames(record, 'request', source);
  return asked.length > 0 ? asked : ofNames(record, 'response', source);
}

function ofTypes(record: Json, source: string, call: string): Row[] {
  const there = memberNames(record);
  return kindsOf(source).flatMap(({ kind, arn, holes }) => {
    const last = holes.length - 1;
    const members = holes.map((names, at) =>
      memberOf(
        record,
        (at === last ? [...names, ...about(kind, call)] : names).filter(name => there.has(name)),
      ),
    );
    const at = members.at(-1);
    if (!at || members.includes(null)) return [];
    const parts = members.slice(0, -1).map(member => `{${member}}`);
    return [{ at, type: `${source}:${kind}`, arn: filledIn(arn, [...parts, '{}']) }];
  });
}

interface Kind {
  kind: string;
  arn: string;
  /** what a request may call each part of the ARN */
  holes: string[][];
}
const kinds = new Map<string, Kind[]>();

/** The resource types of a service, ready to look for: most calls of the services without a table ask again. */
function kindsOf(source: string): Kind[] {
  const before = kinds.get(source);
  if (before) return before;
  const those = typesOf(source).flatMap(([kind, arn]) => {
    const own = [...arn.matchAll(hole)].map(([, name = '']) => name).filter(name => !ofPlace.has(name));
    return own.length === 0 || own.length > 3 ? [] : [{ kind, arn, holes: own.map(sameAs) }];
  });
  // Any text may stand for a service in a record: only the services of the reference are kept.
  if (those.length > 0) kinds.set(source, those);
  return those;
}

const hole = /\$\{(\w+)\}/g;
const ofPlace = new Set(['Region', 'Account']);

function filledIn(arn: string, parts: string[]): string {
  return arn.replace(hole, (_, name: string) =>
    ofPlace.has(name) ? `{${name.toLowerCase()}}` : (parts.shift() ?? ''),
  );
}

/** `GraphQLAPIId` in an ARN is `apiId` in a request: the ends of the name that are long enough to tell. */
function sameAs(name: string): string[] {
  const whole = name.toLowerCase().replace(/withpath$/, '');
  return Array.from({ length: Math.max(1, whole.length - 4) }, (_, from) => whole.slice(from));
}

/** What a call may call the kind of thing that it is about: by `name` alone, where its own name ends with the kind. */
function about(kind: string, call: string): string[] {
  const plain = kind.replace(/[^a-zA-Z0-9]/g, '').toLowerCase();
  const names = ['arn', 'id', 'name', 'identifier'].map(end => plain + end);
  return call.toLowerCase().endsWith(plain) ? [...names, 'name', 'id', 'arn'] : names;
}

function memberOf(record: Json, names: readonly string[]): string | null {
  const paths = names.flatMap(name => [`request.${name}`, `response.${name}`, `response.**.${name}`]);
  return paths.find(path => textsAt(record, path).length > 0) ?? null;
}

function ofArns(record: Json): Row[] {
  return (['request', 'response'] as const).flatMap(part =>
    [...memberNames(record)]
      .filter(name => /arns?$/.test(name) && !name.includes('.'))
      .map(name => ({ at: `${part}.**.${name}`, form: /^arn:[^:]*:[^:]+:[^:]*:[^:]*:./s }))
      .filter(({ at }) => textsAt(record, at).some(text => parseArn(text))),
  );
}

/** What a client makes up for itself identifies no resource. */
const ofClients = /token|^(?:client|caller|creator)?request|sessionname|^max|^next|marker/i;
const identifying = /(?:id|ids|name|names|identifier|identifiers)$/i;

function ofNames(record: Json, part: 'request' | 'response', source: string): Row[] {
  const members = namesAt(record[parts[part]])
    .filter(name => identifying.test(name) && !ofClients.test(name))
    .filter(name => textsAt(record, `${part}.${name}`).length > 0)
    .sort();
  const [first, ...others] = members;
  if (first === undefined) return [];
  const plain = members.map(name => name.replace(/(?<=.)(?:id|name|identifier)s?$/i, '').toLowerCase());
  return [
    {
      at: `${part}.${first}`,
      type: `${source}:${plain.join('+')}`,
      within: others.map(name => `${part}.${name}`),
      name: [...others.map(name => `{${part}.${name}}`), '{}'].join('/'),
    },
  ];
}

const parts = { request: 'requestParameters', response: 'responseElements' } as const;

/** A dot in a member's name would make two of a path. */
function namesAt(value: unknown): string[] {
  return isObject(value) ? Object.keys(value).filter(name => !name.includes('.')) : [];
}
