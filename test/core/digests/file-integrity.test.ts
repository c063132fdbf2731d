import { type FileKnown, integrityOf } from '../../../core/digests/file-integrity.ts';
import type { DigestRecord, FileVerdict } from '../../../core/digests/records.ts';

const bucket = 'trail';
const key =
  'AWSLogs/999999999999/CloudTrail/us-east-1/2025/03/11/999999999999_CloudTrail_us-east-1_20250311T0925Z_AbCdEfGhIjKlMnOp.json.gz';
const digest = 's3://trail/digest';
const long = Date.parse('2025-04-01T00:00:00Z');

const verdict = (change: Partial<FileVerdict>): FileVerdict => ({
  ...{ bucket, key, etag: 'A', verdict: 'verified', problem: null, reason: null, digest, at: '' },
  ...change,
});
const record = (change: Partial<DigestRecord>): DigestRecord => ({
  ...{
    uri: digest,
    startTime: '2025-03-11T09:00:00Z',
    endTime: '20250311T100000Z',
    problem: null,
    reason: null,
  },
  ...{ chain: 'whole', hash: 'h', signature: 's', files: 1, tampered: 0, at: '' },
  ...change,
});
const next = record({ startTime: '2025-03-11T10:00:00Z', endTime: '20250311T110000Z' });
const tampered = verdict({
  etag: 'B',
  verdict: 'tampered',
  problem: 'hash-differs',
  reason: 'its SHA-256 is another',
});
const untrusted = verdict({
  etag: null,
  verdict: 'untrusted',
  problem: 'signature-differs',
  reason: 'no signature',
});

type Case = [what: string, known: Partial<FileKnown>, told: object, now?: number];
const cases: Case[] = [
  [
    'a partner’s event',
    { provenance: 'partner' },
    { verdict: 'not covered', reason: expect.stringContaining('partner') },
  ],
  [
    'a file CloudTrail did not name',
    { key: 'exports/x.json.gz', processed: ['A'] },
    { verdict: 'not covered' },
  ],
  [
    'the bytes a digest names',
    { processed: ['A'], verdicts: [verdict({})] },
    { verdict: 'verified', digest },
  ],
  [
    'two states, both named',
    { processed: ['A', 'C'], verdicts: [verdict({}), verdict({ etag: 'C' })] },
    { verdict: 'verified' },
  ],
  [
    'a file that is not processed to the end',
    { processed: [], verdicts: [verdict({})] },
    { verdict: 'pending' },
  ],
  [
    'a file that was put back after other bytes were read',
    { processed: ['X'], verdicts: [verdict({})] },
    { verdict: 'tampered', reason: expect.stringContaining('replaced') },
  ],
  [
    'a file found changed',
    { processed: ['B'], verdicts: [tampered] },
    { verdict: 'tampered', reason: tampered.reason },
  ],
  [
    'a file changed after it was read and verified',
    { processed: ['A'], verdicts: [verdict({}), tampered] },
    { verdict: 'tampered', reason: expect.stringContaining('had been verified before') },
  ],
  [
    'a file that only a forged digest names',
    { processed: ['A'], verdicts: [untrusted] },
    { verdict: 'tampered', reason: expect.stringContaining('cannot be trusted: no signature') },
  ],
  [
    'a forged digest beside a good one',
    { processed: ['A'], verdicts: [untrusted, verdict({})] },
    { verdict: 'verified' },
  ],
  ['a file whose digest is not due', {}, { verdict: 'pending' }, Date.parse('2025-03-11T11:00:00Z')],
  [
    'a file whose digest never came',
    {},
    { verdict: 'not covered', reason: expect.stringContaining('no digest covers its time') },
    Date.parse('2025-03-11T12:00:00Z'),
  ],
  [
    'a file no digest of its time names: somebody else wrote it',
    { digests: [record({}), next] },
    { verdict: 'not covered', reason: expect.stringContaining('none names it') },
  ],
  [
    'a file of the hour whose digest cannot be read',
    { digests: [record({ startTime: null, problem: 'unreadable', reason: 'no JSON' }), next] },
    { verdict: 'tampered', reason: expect.stringContaining('no JSON'), digest },
  ],
  [
    'a file of the hour before a digest whose predecessor is gone',
    { digests: [record({ startTime: '2025-03-11T10:00:00Z', problem: 'previous-missing', reason: 'gone' })] },
    { verdict: 'tampered', reason: expect.stringContaining('gone') },
  ],
  [
    'a file of another hour than the one whose digest cannot be read',
    {
      digests: [
        record({ endTime: '20250311T130000Z', startTime: null, problem: 'unreadable', reason: 'no JSON' }),
      ],
    },
    { verdict: 'not covered' },
  ],
  [
    'a file of a time in which validation was off',
    {
      digests: [
        record({ startTime: '2025-03-11T09:30:00Z', problem: 'restarted', reason: 'anew', chain: 'broken' }),
      ],
    },
    { verdict: 'not covered' },
  ],
];

test.each(cases)('%s', (_, known, told, now = long) => {
  const file: FileKnown = {
    ...{ provenance: 'trail', bucket, key, processed: [], verdicts: [], digests: [] },
    ...known,
  };
  expect(integrityOf(file, now)).toMatchObject(told);
});
