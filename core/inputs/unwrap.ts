import { type Aside, asideOf } from '../records/aside.ts';
import { isObject, type Json } from '../records/read.ts';
import { type Notice, noticesOf } from './notices.ts';

/** Envelopes within envelopes: an event in a topic's envelope in a queue's message in a function's event in a dump has six. */
const deepest = 12;

/** Members that hold, as text, a record or what has one in it. */
const textMembers = [
  // lookup-events (CloudTrail API, Event); CloudTrail Lake (GetQueryResults), Athena's small letters
  'CloudTrailEvent',
  'eventJson',
  'eventjson',
  // filter-log-events (CloudWatch Logs API, FilteredLogEvent); Logs Insights
  'message',
  '@message',
  // receive-message (SQS API, Message); a function's event (Lambda guide, Using Lambda with Amazon SQS)
  'Body',
  'body',
  // a topic's envelope (SNS guide, Parsing message formats)
  'Message',
  // a cell of get-query-results (Athena API, Datum)
  'VarCharValue',
] as const;

/** Members that hold what has records in it, or a list of that. */
const nestedMembers = ['Records', 'Messages', 'logEvents', 'Data', 'Sns', 'detail'] as const;

/** Inflates what `{"awslogs": {"data": ...}}` and Kinesis hold; null where it is no gzip, or too long. */
export type Inflate = (base64: string) => string | null;

/** What one element of an export holds. Nothing of all: it holds no record of CloudTrail. */
export interface Unwrapped {
  /** JSON texts of records; numbers beyond a double, and their digits, stay what they are */
  records: string[];
  /** log files that are announced, and not here */
  notices: Notice[];
  /** records that are no calls', by what they are */
  aside: Aside[];
  /** messages of AWS's own that hold nothing: tests of a destination */
  tests: number;
  /** messages in it that hold none of these */
  without: number;
}

/** The records in one element of an export: the element itself, or what it wraps. */
export function unwrap(text: string, inflate: Inflate): Unwrapped {
  const found: Unwrapped = { records: [], notices: [], aside: [], tests: 0, without: 0 };
  if (!new Search(found, inflate).text(text, 0)) found.without += 1;
  return found;
}

/** Is this a CloudTrail record (CloudTrail guide, record contents: eventSource, eventName and eventTime are in each)? */
export function isRecord(value: unknown): value is Json {
  if (!isObject(value)) return false;
  const { eventSource, eventName, eventTime } = value;
  const named = typeof eventSource === 'string' && typeof eventName === 'string';
  // What S3 and Lambda call a record has these, too.
  return named && typeof eventTime === 'string' && !eventSource.startsWith('aws:');
}

class Search {
  readonly #found: Unwrapped;
  readonly #inflate: Inflate;

  constructor(found: Unwrapped, inflate: Inflate) {
    this.#found = found;
    this.#inflate = inflate;
  }

  /** Answers whether anything was found. */
  text(text: string, depth: number): boolean {
    if (depth > deepest || !/^\s*[{[]/.test(text)) return false;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return false;
    }
    if (isRecord(value) && asideOf(value) === null) {
      this.#found.records.push(text.trim());
      return true;
    }
    return this.#value(hasLongNumbers(text) ? parsedExactly(text) : value, depth + 1);
  }

  #value(value: unknown, depth: number): boolean {
    if (depth > deepest) return false;
    if (Array.isArray(value)) return this.#each(value, depth);
    if (!isObject(value)) return false;
    const aside = asideOf(value);
    if (aside !== null) {
      this.#found.aside.push(aside);
      return true;
    }
    if (isRecord(value)) {
      this.#found.records.push(JSON.stringify(value));
      return true;
    }
    if (isTest(value)) {
      this.#found.tests += 1;
      return true;
    }
    const notices = noticesOf(value);
    if (notices.length > 0) {
      for (const notice of notices) this.#found.notices.push(notice);
      return true;
    }
    return this.#within(value, depth);
  }

  #within(value: Json, depth: number): boolean {
    // Logs Insights tells a field's name beside its value (CloudWatch Logs API, ResultField).
    const texts = value.field === '@message' ? [value.value] : textMembers.map(name => value[name]);
    for (const text of texts) if (typeof text === 'string' && this.text(text, depth + 1)) return true;
    for (const name of nestedMembers) {
      if (name === 'logEvents' && Array.isArray(value.logEvents))
        return this.#logEvents(value.logEvents, depth);
      if (value[name] !== undefined && this.#value(value[name], depth + 1)) return true;
    }
    return this.#packed(value, depth);
  }

  /** Base64: subscriptions (CloudWatch Logs guide), records of Kinesis and Firehose (Lambda guide). */
  #packed({ awslogs, kinesis, data }: Json, depth: number): boolean {
    const base64 = [awslogs, kinesis].map(holder => (isObject(holder) ? holder.data : undefined));
    const packed = [...base64, data].find(each => typeof each === 'string');
    if (packed === undefined) return false;
    const text = this.#inflate(packed) ?? Buffer.from(packed, 'base64').toString('utf8');
    return this.text(text, depth + 1);
  }

  #each(values: readonly unknown[], depth: number): boolean {
    const found = values.map(each => this.#value(each, depth + 1));
    return found.includes(true);
  }

  /** Each is a message of its own: what holds no record beside others that do is to be counted. */
  #logEvents(values: readonly unknown[], depth: number): boolean {
    for (const each of values) if (!this.#value(each, depth + 1)) this.#found.without += 1;
    return true;
  }
}

/** S3 tests a new destination of notices (S3 guide), CloudWatch Logs that of a subscription (its guide). */
function isTest({ Event, messageType, message }: Json): boolean {
  if (Event === 's3:TestEvent' || messageType === 'CONTROL_MESSAGE') return true;
  return typeof message === 'string' && message.startsWith('CWL CONTROL MESSAGE');
}

/** Numbers that a double may not hold as they are written. */
function hasLongNumbers(text: string): boolean {
  return /\d{16}|\d[.eE]/.test(text);
}

/** Node has it since version 22 (TC39, JSON.parse source text access); TypeScript's library has not. */
type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(text: string): unknown;
};

/** Numbers as they are written, for JSON.stringify to write them so again. */
function parsedExactly(text: string): unknown {
  return parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value,
  );
}
