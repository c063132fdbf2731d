import { gzipSync } from 'node:zlib';
import type { Damage, FileRecipe, MessageRecipe, Part, RecordRecipe } from './case-format.ts';

export const account = '999999999999';

type Json = Record<string, unknown>;

/** A call under an audited role, with a session of its own: `id` names all of it. */
export function callOf(id: string, role = 'CrossAccountTest'): Json {
  return {
    eventVersion: '1.08',
    eventID: id,
    eventTime: '2025-06-02T10:00:05Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.15.0',
    eventType: 'AwsApiCall',
    recipientAccountId: account,
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROA${keyPart(id)}:${id}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${id}`,
      accountId: account,
      accessKeyId: `ASIA${keyPart(id)}`,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: `AROA${keyPart(id)}`,
          arn: `arn:aws:iam::${account}:role/${role}`,
          accountId: account,
          userName: role,
        },
        attributes: { creationDate: '2025-06-02T10:00:00Z', mfaAuthenticated: 'false' },
      },
    },
  };
}

/** The AssumeRole that hands out the credential of `callOf(id)`. */
export function issuanceOf(id: string, issued = id, role = 'CrossAccountTest'): Json {
  const session = {
    id: `AROA${keyPart(issued)}:${issued}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${issued}`,
  };
  return {
    eventVersion: '1.08',
    eventID: id,
    eventTime: '2025-06-02T10:00:00Z',
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: 'us-east-1',
    recipientAccountId: account,
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      arn: `arn:aws:iam::${account}:user/dana`,
      accountId: account,
      userName: 'dana',
      accessKeyId: 'AKIAEXAMPLE',
    },
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/${role}`, roleSessionName: issued },
    responseElements: {
      credentials: { accessKeyId: `ASIA${keyPart(issued)}`, expiration: 'Jun 2, 2025, 11:00:00 AM' },
      assumedRoleUser: { assumedRoleId: session.id, arn: session.arn },
    },
  };
}

function keyPart(id: string): string {
  return id.toUpperCase().replace(/[^A-Z0-9]/g, '0');
}

export function recordId(slug: string, number: number): string {
  return `${slug}-${number}`;
}

/** The file's bytes as they are stored. */
export function fileBytes(recipe: FileRecipe, slug: string): Buffer {
  const records = recordTexts(recipe.records ?? [], slug);
  const joined = records.flatMap((text, at) => (at === 0 ? text : [Buffer.from(','), ...text]));
  const text = piecesOf(recipe.text ?? ['{"Records":[', { records: true }, ']}'], joined);
  return (recipe.damage ?? []).reduce(damaged, pack(text, recipe.gzip));
}

export function messageText(recipe: MessageRecipe, names: Record<string, string>): string {
  const inner = recipe.text
    ? Buffer.concat(piecesOf(recipe.text)).toString('utf8')
    : JSON.stringify(recipe.body, (_, value) => (typeof value === 'string' ? filled(value, names) : value));
  if (!recipe.topic) return inner;
  return JSON.stringify({ Type: 'Notification', TopicArn: recipe.topic, Message: inner });
}

export function filled(text: string, names: Record<string, string>): string {
  return text.replace(/\$(bucket|key|case)/g, (_, name: string) => names[name] ?? '');
}

function recordTexts(recipes: readonly RecordRecipe[], slug: string): Buffer[][] {
  const all = recipes.flatMap(recipe => Array<RecordRecipe>(recipe.times ?? 1).fill(recipe));
  return all.map((recipe, index) => recordText(recipe, recordId(slug, index + 1)));
}

function recordText({ base, set = {}, unset = [], replace = {}, text }: RecordRecipe, id: string): Buffer[] {
  if (text) return piecesOf(text);
  const record = base === 'issuance' ? issuanceOf(id) : callOf(id);
  for (const [path, value] of Object.entries(set)) put(record, path, value);
  for (const path of unset) put(record, path, undefined);
  let pieces: Buffer[] = [Buffer.from(JSON.stringify(record))];
  for (const [from, parts] of Object.entries(replace)) {
    const which = pieces.findIndex(piece => piece.includes(from));
    const piece = pieces[which];
    if (!piece) throw new Error(`the record ${id} has no text ${from} to replace`);
    const at = piece.indexOf(from);
    pieces = pieces.toSpliced(
      which,
      1,
      ...[piece.subarray(0, at), ...piecesOf(parts), piece.subarray(at + from.length)],
    );
  }
  return pieces;
}

/** Sets a field by its path; `undefined` takes it away, as JSON does. */
function put(record: Json, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place = record;
  for (const name of names) {
    place[name] ??= {};
    place = place[name] as Json;
  }
  place[last] = value;
}

/** The largest piece in bytes: a bomb's text is one such piece many times over, never a gigabyte in memory. */
const mostPiece = 16 * 1024 * 1024;

function piecesOf(parts: readonly Part[], records: readonly Buffer[] = []): Buffer[] {
  return parts.flatMap(part => {
    if (typeof part === 'string') return [Buffer.from(part)];
    if ('repeat' in part) return repeated(part.repeat, part.times);
    return 'hex' in part ? [Buffer.from(part.hex, 'hex')] : [...records];
  });
}

function repeated(text: string, times: number): Buffer[] {
  if (text.includes('#'))
    return Array.from({ length: times }, (_, count) => Buffer.from(text.replace('#', `${count}`)));
  const size = Buffer.byteLength(text);
  const most = Math.floor(mostPiece / size);
  const whole = Array<Buffer>(Math.floor(times / most)).fill(
    Buffer.alloc(size * Math.min(most, times), text),
  );
  return [...whole, Buffer.alloc(size * (times % most), text)];
}

// What is larger than a piece becomes a member for each of them: the same bytes for whoever unpacks it.
function pack(pieces: readonly Buffer[], how: FileRecipe['gzip'] = 'member'): Buffer {
  if (pieces.some(piece => piece.length >= mostPiece / 2)) {
    const members = new Map([...new Set(pieces)].map(piece => [piece, gzipSync(piece)]));
    return Buffer.concat(pieces.map(piece => members.get(piece) ?? Buffer.alloc(0)));
  }
  const text = Buffer.concat(pieces);
  if (how === 'none') return text;
  if (how === 'twice') return gzipSync(gzipSync(text));
  if (how === 'member') return gzipSync(text);
  const half = text.length >> 1;
  return Buffer.concat([gzipSync(text.subarray(0, half)), gzipSync(text.subarray(half))]);
}

function damaged(bytes: Buffer, damage: Damage): Buffer {
  if ('cutAt' in damage) return bytes.subarray(0, damage.cutAt);
  if ('cutFromEnd' in damage) return bytes.subarray(0, bytes.length - damage.cutFromEnd);
  if ('append' in damage) return Buffer.concat([bytes, ...piecesOf(damage.append)]);
  if ('prepend' in damage) return Buffer.concat([...piecesOf(damage.prepend), bytes]);
  const at = damage.flipAt < 0 ? bytes.length + damage.flipAt : damage.flipAt;
  return Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 0xff : byte)));
}
