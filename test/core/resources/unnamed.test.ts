import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../../core/records/read.ts';
import { touchedBy } from '../../../core/resources/touched.ts';
import { recordsIn, samples, trails } from './real-sets.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/resources.md'), 'utf8');

/** The calls of a folder that may have written and name nothing, by reason, as docs/resources.md has them. */
function unnamedIn(folder: string): string[] {
  const byReason = new Map<string, Map<string, number>>();
  let writes = 0;
  let named = 0;
  for (const record of recordsIn(folder)) {
    if (typeof record.eventName !== 'string') continue;
    const { access, resources } = touchedBy(record);
    if (access === 'read') continue;
    writes += 1;
    named += resources.length > 0 ? 1 : 0;
    if (resources.length > 0) continue;
    const call = `${String(record.eventSource).replace('.amazonaws.com', '')} ${record.eventName}`;
    const calls = byReason.get(reasonOf(record)) ?? new Map();
    byReason.set(reasonOf(record), calls.set(call, (calls.get(call) ?? 0) + 1));
  }
  const lines = [...byReason].sort().map(([reason, calls]) => {
    const sum = [...calls.values()].reduce((a, b) => a + b);
    const listed = [...calls].sort().map(([call, count]) => (count > 1 ? `${call} (${count})` : call));
    return `${sum} ${reason}: ${listed.join(', ')}`;
  });
  return [`${writes} calls that write: ${named} name what they touched, ${writes - named} do not`, ...lines];
}

function reasonOf({ requestParameters, responseElements, errorCode, eventType }: Json): string {
  if (requestParameters || responseElements) return 'have a request that names nothing';
  if (eventType === 'AwsServiceEvent') return 'are events of the service itself, without details';
  return errorCode === 'ThrottlingException'
    ? 'were throttled, and have no request in the record'
    : 'were refused or failed, and have no request in the record';
}

const withTrails = existsSync(trails) ? test : test.skip;

withTrails(
  'every record of the real sets that writes names what it touched, but for those that the guide lists',
  () => {
    for (const line of unnamedIn(trails)) expect(document).toContain(line);
  },
);

test('every record of the samples that writes names what it touched, but for those that the guide lists', () => {
  const [summary, ...others] = unnamedIn(samples);
  expect(summary).toMatch(/^\d+ calls that write: \d+ name what they touched, 2 do not$/);
  expect(others).toEqual([
    '2 are events of the service itself, without details: cloudtrail CreateServiceLinkedChannel, kms RotateKey',
  ]);
});
