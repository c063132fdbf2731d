import { createHash } from 'node:crypto';
import { Random } from '../../../bench/generator/random.ts';
import { AuditedSessions } from '../../../bench/generator/sessions.ts';
import { writeUnits } from '../../../bench/write-units.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { callOf, evidenceItem, evidenceOf } from '../../../steps/store/evidence-item.ts';
import { recordDictionary } from '../../../steps/store/record-dictionary.ts';
import { evidenceTable } from '../../../steps/store/tables.ts';
import * as stored from './stored-evidence.ts';

const key = '999999999999_CloudTrail_us-east-1_20260304T0000Z_AB7WQMOHRXIEYQGL.json.gz';
const source = `s3://cloudtrailbucket-999999999999/AWSLogs/999999999999/CloudTrail/us-east-1/2026/03/04/${key}`;
const execution = 'logs-999999999999-us-east-1-20260304T0000Z-x100-0123456789abcdef';

const newEvidence = (text: string, from = source) => {
  const origin = { source: from, provenance: 'trail' as const, account: null };
  return { event: normalize(JSON.parse(text), origin, new AuditedRoles(['*'])), text };
};

describe('evidence that is stored', () => {
  test('is read whole', () => {
    expect(evidenceOf(stored.item)).toEqual({
      eventID: '0d6f7c1e-3a52-4b0c-9f1d-2f8e6a7b9c10',
      recipientAccountId: '999999999999',
      provenance: 'trail',
      digest: stored.digest,
      source: stored.source,
      execution: stored.execution,
      record: stored.record,
    });
    expect(callOf(stored.item)).toMatchObject({ eventTime: '2025-03-11T09:22:05Z', eventName: 'GetObject' });
  });

  test('is in the coding that is known, or refused by name', () => {
    const later = { ...stored.item, coding: { S: 'd3' } };
    expect(() => evidenceOf(later)).toThrow('evidence in the unknown coding "d3"');
  });

  // A changed dictionary makes every item written with it unreadable: a better one is a new one.
  test('keeps its dictionary', () => {
    expect(createHash('sha256').update(recordDictionary).digest('hex')).toBe(
      'd874e615ca6148d27ddfadb1eaa4111293dccb8caea7ebfd3758868d27092c87',
    );
  });
});

describe('evidence written now', () => {
  test.each([
    ['text that only a dictionary of its own repeats', stored.record],
    [
      'line ends and signs of every kind',
      stored.record.replace('märz.csv', 'a\\u2028 東京 🙈 \\" \\n').replace(',', ',\r\n '),
    ],
    [
      'a record larger than the window of deflate',
      stored.record.replace('märz.csv', 'zufällig '.repeat(9_000)),
    ],
  ])('is the record to the byte: %s', (_, text) => {
    const odd = 's3://trail/a "key"\nof two lines.json.gz';
    const item = evidenceItem(newEvidence(text, odd), execution);
    expect(evidenceOf(item)).toMatchObject({ record: text, source: odd, execution });
  });

  test('costs two write units for a call of 1 to 2.5 KB: the item and its entry by credential', () => {
    const random = new Random(11);
    const sessions = new AuditedSessions(random);
    const calls = Array.from({ length: 500 }, () => [...sessions.next(Date.parse('2026-03-04T00:00:00Z'))])
      .flat()
      .filter(({ kind }) => kind === 'call')
      .map(({ text }) => text);
    const sizes = calls.map(text => Buffer.byteLength(text));
    expect(Math.min(...sizes)).toBeGreaterThan(1_000);
    expect(Math.max(...sizes)).toBeLessThan(2_500);
    for (const text of calls) {
      expect(writeUnits(evidenceItem(newEvidence(text), execution), evidenceTable)).toBe(2);
    }
  });
});
