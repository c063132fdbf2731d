import { randomUUID } from 'node:crypto';

/** What all invocations of one trace share: an X-Ray trace id. */
export function newTraceRoot(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `1-${seconds}-${hex().slice(0, 24)}`;
}

/** An X-Ray trace header, of the trace `root`. */
export function newTraceId(root = newTraceRoot()): string {
  return `Root=${root};Parent=${hex().slice(16)};Sampled=0`;
}

function hex(): string {
  return randomUUID().replaceAll('-', '');
}
