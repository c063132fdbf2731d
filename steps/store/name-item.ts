import { sha256, shortHash } from '../../core/hash.ts';
import {
  comparable,
  idBehind,
  type NameKind,
  nameKey,
  nameKinds,
  namesOf,
  roleNamesOf,
} from '../../core/linking/names.ts';
import type { CredentialAnswers, SessionAnswer } from '../../core/linking/session-answer.ts';
import { type Item, strings, text } from './attributes.ts';

/** Where sessions are listed by name, so that its beginning finds one: `~ASIA...`, in small letters. In so many parts, that none grows hot. */
export const idsParts = ['0', '1', '2', '3', '4', '5', '6', '7'];

export function idsPartition(part: string): string {
  return `ids#${part}`;
}

/** Where the days are listed that sessions began on. */
export const daysPartition = 'days';

/**
 * Beginnings of the sort keys of names, and of days. They follow all that a credential's own partition is read for
 * (session-partitions.ts): a forged record with a key called `days` or `name#x` takes nothing of this for its own.
 */
export const indexPrefix = '~';
export const rolePrefix = '~role#';
export const aliasPrefix = '~alias#';

/** In a Query from the last to the first, who is behind a session comes before what a caller chose: see `nameKinds`. */
const kindPrefixes: Record<NameKind, string> = {
  who: '~who#',
  itself: '~itself#',
  hop: '~hop#',
  chosen: '~chosen#',
  claimed: '~by-claim#',
};
const kindsByPrefix = new Map(Object.entries(kindPrefixes).map(([kind, prefix]) => [prefix, kind]));

/** A session filed under a name. It matches if it has the whole name, and its answer still has it. */
export interface FiledSession {
  /** what says most of it among the names it has here */
  kind: NameKind;
  began: string;
  session: string;
  /** the credential it is read with */
  credential: string;
  /** marks of all its names: see {@link markOf} */
  marks: string;
}

/** Bytes of a name that are written to a key unchanged. Longer ones, which only forged records and some users' ARNs have, are hashed. */
const mostBytes = 256;

/** The partition of all that is filed under the same as this name, whatever its case. */
export function namePartition(name: string): string {
  const key = nameKey(comparable(name));
  const short = Buffer.byteLength(key) <= mostBytes;
  return `name#${short ? key : sha256(key)}`;
}

/**
 * The items by which these answers are found: one for each place where names of a session are filed, one for each name of its role and
 * for an id of who is behind it, and one for the day it began on. None is ever changed or deleted: one whose session has the name
 * no longer is passed over by its reader.
 */
export function nameItems(credential: string, { answers }: Pick<CredentialAnswers, 'answers'>): Item[] {
  // A key of a console session repeats that session's answer, which is found under its own name.
  const listed = answers.filter(answer => answer.credential === credential);
  return listed.flatMap(answer => {
    const behind = idBehind(answer);
    return [
      ...sessionItems(credential, answer, behind?.id),
      ...(behind
        ? [
            strings({
              credential: namePartition(behind.id),
              item: aliasPrefix + hashed(behind.arn),
              of: behind.arn,
            }),
          ]
        : []),
      ...roleNamesOf(answer).map(({ name, arn }) =>
        strings({ credential: namePartition(name), item: rolePrefix + arn }),
      ),
      strings({ credential: daysPartition, item: indexPrefix + dayOf(answer.began) }),
      ...idItems(credential, answer),
    ];
  });
}

/** None for a session at the console, whose name is an ARN and a time: it is found by the parts of these. */
function idItems(credential: string, { session }: SessionAnswer): Item[] {
  if (session.startsWith('arn:') || Buffer.byteLength(session) > mostBytes) return [];
  const part = idsParts[Number.parseInt(shortHash(session).slice(0, 1), 16) % idsParts.length] ?? '';
  return [
    strings({
      credential: idsPartition(part),
      item: indexPrefix + comparable(session),
      of: credential,
      session,
    }),
  ];
}

/** `elsewhere`: a name that another item leads from. */
function sessionItems(credential: string, answer: SessionAnswer, elsewhere: string | undefined): Item[] {
  const names = namesOf(answer);
  const marks = [...names.keys()].map(markOf).sort().join('');
  const kinds = new Map<string, NameKind>();
  for (const [name, kind] of names) {
    const place = namePartition(name);
    const known = kinds.get(place) ?? kind;
    const stronger = nameKinds.indexOf(kind) < nameKinds.indexOf(known) ? kind : known;
    if (name !== elsewhere) kinds.set(place, stronger);
  }
  // Named by its marks, too: an item is never changed, and a session may get a name more.
  const rest = `${answer.began}#${answer.session}#${hashed(marks)}`;
  return [...kinds].map(([place, kind]) =>
    strings({ credential: place, item: kindPrefixes[kind] + rest, of: credential, marks }),
  );
}

/** A short hash of a comparable name. Two names may share it: the answer decides. */
export function markOf(name: string): string {
  return `${hashed(name)},`;
}

function hashed(value: string): string {
  return shortHash(value).slice(0, 8);
}

/** The ARN of a role's item. */
export function roleArnOf(item: Item): string {
  return text(item, 'item').slice(rolePrefix.length);
}

/** The day of a time, `2025-03-11`. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** The beginning of the names of this kind that began at or after `since`. */
export function kindSince(kind: NameKind, since: string): string {
  return kindPrefixes[kind] + since;
}

/** Null for an item that is not a session: a role, or an alias. */
export function filedSessionOf(item: Item): FiledSession | null {
  const [, prefix = '', began = '', session = ''] =
    /^(~[a-z-]+#)([^#]*)#(.*)#[0-9a-f]{8}$/s.exec(text(item, 'item')) ?? [];
  const kind = kindsByPrefix.get(prefix) as NameKind | undefined;
  if (!kind) return null;
  return { kind, began, session, credential: text(item, 'of'), marks: text(item, 'marks') };
}
