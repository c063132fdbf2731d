import { isObject, type Json } from '../records/read.ts';

/** Envelopes within envelopes: a subscription's message in a queue's in a dump has four. */
const deepest = 8;

/** Members that hold a record, or what has one in it, as text. */
const textMembers = ['CloudTrailEvent', 'eventJson', 'eventjson', 'message', '@message'] as const;

/** Inflates what `{"awslogs": {"data": ...}}` holds; null where it is no gzip, or too long. */
export type Inflate = (base64: string) => string | null;

/**
 * The records in one element of an export, as JSON texts: the element itself, or what it wraps.
 *
 * `CloudTrailEvent` of lookup-events (CloudTrail API, Event), rows of CloudTrail Lake (GetQueryResults), `message` of
 * filter-log-events (CloudWatch Logs API, FilteredLogEvent), fields of Logs Insights (ResultField), `logEvents` and `awslogs.data` of
 * subscriptions (CloudWatch Logs guide, subscription filters). Text that is no JSON holds none.
 */
export function recordsIn(text: string, inflate: Inflate, depth = 0): string[] {
  if (depth > deepest) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  // The text as it stands: numbers beyond a double, and their digits, stay what they are.
  return isRecord(value) ? [text] : wrapped(value, inflate, depth);
}

/** Is this a CloudTrail record (CloudTrail guide, record contents: eventSource, eventName and eventTime are in each)? */
export function isRecord(value: unknown): value is Json {
  if (!isObject(value)) return false;
  const { eventSource, eventName, eventTime } = value;
  const named = typeof eventSource === 'string' && typeof eventName === 'string';
  return named && typeof eventTime === 'string' && !eventSource.startsWith('aws:');
}

function wrapped(value: unknown, inflate: Inflate, depth: number): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(each =>
      isRecord(each) ? [JSON.stringify(each)] : wrapped(each, inflate, depth + 1),
    );
  }
  if (!isObject(value) || depth > deepest) return [];
  for (const member of textMembers) {
    const text = value[member];
    if (typeof text === 'string') return recordsIn(text, inflate, depth + 1);
  }
  // Logs Insights tells a field's name beside its value.
  if (value.field === '@message' && typeof value.value === 'string')
    return recordsIn(value.value, inflate, depth + 1);
  if (Array.isArray(value.logEvents)) return wrapped(value.logEvents, inflate, depth + 1);
  const { awslogs } = value;
  if (isObject(awslogs) && typeof awslogs.data === 'string') {
    const inflated = inflate(awslogs.data);
    return inflated === null ? [] : recordsIn(inflated, inflate, depth + 1);
  }
  return [];
}
