import { gzipSync } from 'node:zlib';
import { account, callOf, issuanceOf } from './recipe.ts';
import type { HostileStack } from './stack.ts';

/** Good log files that lie among the bad ones: each an issuance and calls made with what it issued. */
const names = ['neighbour-one', 'neighbour-two', 'neighbour-three', 'neighbour-four'];

export function logKey(name: string): string {
  return `AWSLogs/${account}/CloudTrail/us-east-1/2025/06/02/${account}_CloudTrail_us-east-1_20250602T1005Z_${name}.json.gz`;
}

/** The good files, in the order they are delivered. */
export const neighbours = names.map(name => {
  const call = (number: number) => ({ ...callOf(name), eventID: `${name}-call-${number}` });
  const records = [issuanceOf(`${name}-issued`, name), call(1), call(2), call(3)];
  return {
    name,
    key: logKey(name),
    bytes: gzipSync(JSON.stringify({ Records: records })),
    credential: accessKeyOf(callOf(name)),
  };
});

function accessKeyOf(record: Record<string, unknown>): string {
  return (record.userIdentity as { accessKeyId: string }).accessKeyId;
}

/** What is stored of the good files: evidence and answers, without the name of the execution that brought them. */
export async function storedOf({ deployment: { evidence, sessions } }: HostileStack) {
  const stored = [];
  for (const { name, credential } of neighbours) {
    const ids = [`${name}-issued`, ...[1, 2, 3].map(number => `${name}-call-${number}`)];
    const found = await Promise.all(ids.map(id => evidence.event(id)));
    stored.push({
      evidence: found.flat().map(({ execution: _, ...rest }) => rest),
      answers: (await sessions.read(credential)).answers,
    });
  }
  return stored;
}
