import type { TrailObject } from '../../transport/payloads.ts';

/** What a queue message turned out to carry, whatever shape it came in. `topicArn`: of the SNS envelope around it. */
export type Message =
  | { kind: 'objects'; objects: TrailObject[]; notLogs: number; topicArn: string | null }
  | { kind: 'event'; event: CloudTrailEvent; topicArn: string | null }
  | { kind: 'nothing'; why: string };

/** EventBridge's envelope around one CloudTrail record. */
export interface CloudTrailEvent {
  account: string;
  region: string;
  time: string;
  record: unknown;
}
