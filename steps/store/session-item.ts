import { sha256 } from '../../core/hash.ts';
import { issuanceName } from '../../core/linking/facts.ts';
import { roleFiledAs } from '../../core/linking/names.ts';
import type { CredentialAnswers, SessionAnswer } from '../../core/linking/session-answer.ts';
import type { Use, UseTimes } from '../../core/linking/use.ts';
import type { Issuance } from '../../core/records/event.ts';
import { AuditError } from '../runtime/errors.ts';
import { binary, type Item, strings, text } from './attributes.ts';
import { deflateText, inflateText } from './compact.ts';
import { dayOf } from './name-item.ts';
import { sessionDictionary } from './session-dictionary.ts';

/** The items of a credential's partition by the beginning of their names. */
export const issuancePrefix = 'issuance#';
export const usePrefix = 'use#';
export const childPrefix = 'child#';
/** What partners claim, under their own account: `word#SENDER#...`, `word-child#SENDER#CHILD`. */
export const wordPrefix = 'word#';
export const wordChildPrefix = 'word-child#';
export const answerPrefix = 'session#';

/** The name of a credential's answer number `index`; the first is the head, which carries the basis. */
export function slot(index: number): string {
  return `${answerPrefix}${String(index).padStart(4, '0')}`;
}

export function issuanceItem(credential: string, issuance: Issuance): Item {
  const { provenance, recipientAccountId } = issuance;
  const prefix = provenance === 'partner' ? `${wordPrefix}${recipientAccountId}#` : issuancePrefix;
  return compactItem(strings({ credential, item: prefix + issuanceName(issuance) }), 'fact', issuance);
}

export function issuanceOf(item: Item): Issuance {
  return compactValue(item, 'fact') as Issuance;
}

export function childItem(credential: string, child: string): Item {
  return strings({ credential, item: childPrefix + child });
}

/** `child`: `SENDER#CHILD` */
export function wordChildItem(credential: string, child: string): Item {
  return strings({ credential, item: wordChildPrefix + child });
}

/** Its times are attributes, because updates widen them in place; the rest is small enough. */
export function useItem(credential: string, use: Use): Item {
  const { firstSeen, lastSeen, firstTaken, lastTaken, ...shown } = use;
  return strings({
    credential,
    item: usePrefix + use.hash,
    fact: JSON.stringify(shown),
    firstSeen,
    lastSeen,
    firstTaken,
    lastTaken,
  });
}

export function useOfItem(item: Item): Use {
  const shown = JSON.parse(text(item, 'fact')) as Omit<Use, keyof UseTimes>;
  const times = useTimeNames.map(name => [name, text(item, name)]);
  return { ...shown, ...(Object.fromEntries(times) as UseTimes) };
}

/** The attributes that widen in place. */
export const useTimeNames = [
  'firstSeen',
  'lastSeen',
  'firstTaken',
  'lastTaken',
] as const satisfies (keyof UseTimes)[];

/** One of a credential's answers. All indexes hold whole items, so every KB that it begins is written up to four times. */
export function answerItem(credential: string, { answers, basis }: CredentialAnswers, index: number): Item {
  const answer = answers[index];
  if (!answer) throw new RangeError(`${credential} has no answer ${index}`);
  const { status, roleArn, began } = answer;
  // A key of a console session repeats that session's answer, which is listed once, under its own name.
  const listed = answer.credential === credential;
  const head = index === 0;
  const item = strings({
    credential,
    item: slot(index),
    session: answer.session,
    basis: head ? basisHash(basis) : null,
    ...(listed && {
      at: `${began}#${answer.session}`,
      day: dayOf(began),
      role: roleArn && roleFiledAs(roleArn),
      open: status === 'linked' ? null : status,
    }),
  });
  return compactItem(item, 'answer', head ? [answer, basis] : [answer]);
}

/** An answer, and its basis where the item is the head. */
export function answerOf(item: Item): { answer: SessionAnswer; basis: string[] } {
  const [answer, basis = []] = compactValue(item, 'answer') as [SessionAnswer, string[]?];
  return { answer, basis };
}

/** The `basis` of the first answer: a writer uses it to check that the answers did not change since it read them. */
export function basisHash(basis: string[]): string {
  return sha256(JSON.stringify(basis), 'base64url');
}

const coding = 's2';

/** The item with a value as compact JSON, which refers to what the item says already. */
function compactItem(item: Item, name: string, value: unknown): Item {
  const bytes = deflateText(JSON.stringify(value), [sessionDictionary, beside(item)]);
  return { ...item, coding: { S: coding }, [name]: { B: bytes } };
}

function compactValue(item: Item, name: string): unknown {
  if (text(item, 'coding') !== coding) {
    throw new AuditError('BrokenItem', `a session's item in the unknown coding "${text(item, 'coding')}"`);
  }
  return JSON.parse(inflateText(binary(item, name), [sessionDictionary, beside(item)]));
}

/** Part of the coding `s2`: the order is never changed. */
const besideValue = ['item', 'at', 'role', 'session', 'credential'];

function beside(item: Item): string {
  return besideValue.map(name => item[name]?.S ?? '').join('"');
}
