import { allProcessed, type Replayed } from '../../../cli/replay/replayed.ts';
import type { DigestRecord } from '../../../core/digests/records.ts';

const sound = { problem: null, tampered: 0 };

/** A replay in which nothing went wrong but what its digests found. */
function replayedWith(...found: Pick<DigestRecord, 'problem' | 'tampered'>[]): Replayed {
  const summary = { quarantined: 0, executions: { succeeded: 1, failed: 0 } };
  const digests = { records: found, unchecked: 0 };
  return { summary, digests, others: [], problems: [] } as object as Replayed;
}

test.each([
  ['all are as CloudTrail left them', [sound], true],
  ['a digest is forged', [sound, { ...sound, problem: 'signature-differs' as const }], false],
  ['a log file is', [sound, { ...sound, tampered: 1 }], false],
])('of digests, %s', (_, found, processed) => {
  expect(allProcessed(replayedWith(...found))).toBe(processed);
});
