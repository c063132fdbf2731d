import { randomUUID } from 'node:crypto';
import type { ObjectCreated } from '../../contract.ts';
import type { JsonObject } from '../../template/json.ts';
import { compilePattern } from './patterns.ts';

/** Takes an event's text to one target. */
type Target = (body: string) => void;

export interface Rule {
  pattern: JsonObject;
  enabled: boolean;
  targets: Target[];
}

/** The default event bus of the production account: rules and their targets. */
export class EventBus {
  readonly #rules: { matches: (event: JsonObject) => boolean; targets: Target[] }[];

  /** @throws Unsupported for an event pattern that is not understood */
  constructor(rules: Rule[]) {
    this.#rules = rules
      .map(({ pattern, enabled, targets }) => ({ matches: compilePattern(pattern), enabled, targets }))
      .filter(rule => rule.enabled);
  }

  /** Sends the event to the targets of every rule it matches; answers how many these are. */
  put(event: JsonObject): number {
    const targets = this.#rules.filter(rule => rule.matches(event)).flatMap(rule => rule.targets);
    for (const send of targets) send(JSON.stringify(event));
    return targets.length;
  }
}

/**
 * The event S3 sends to EventBridge when an object was stored.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectCreatedEvent(object: ObjectCreated, account: string, region: string): JsonObject {
  const { bucket, key, size, versionId } = object;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account,
    time: `${new Date(object.time).toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        size,
        etag: object.etag.replaceAll('"', ''),
        ...(versionId && { 'version-id': versionId }),
        sequencer: sequencer(),
      },
      'request-id': randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase(),
      requester: account,
      'source-ip-address': '127.0.0.1',
      reason: 'PutObject',
    },
  };
}

let count = 0;
/** Grows with every event: the order of writes to one key. */
function sequencer(): string {
  count += 1;
  return (BigInt(Date.now()) * 65_536n + BigInt(count % 65_536)).toString(16).toUpperCase().padStart(18, '0');
}
