import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import { secondsUntilRoom, shortenWaits } from '../../../steps/intake/waits.ts';
import { openSqs } from '../../local/sqs-support.ts';

const hour = 3600;
const receipts = Array.from({ length: 100 }, (_, index) => index + 1);

test('the wait doubles from a quarter of a minute to ten minutes', () => {
  const longest = receipts.slice(0, 8).map(receives => secondsUntilRoom(receives, () => 1));
  expect(longest).toEqual([15, 30, 60, 120, 240, 480, 600, 600]);
});

test('a hundred receipts last for hours, whatever is drawn', () => {
  const total = (drawn: number) =>
    receipts.reduce((sum, receives) => sum + secondsUntilRoom(receives, () => drawn), 0);
  expect(total(0)).toBeGreaterThan(7 * hour);
  expect(total(0.5)).toBeGreaterThan(11 * hour);
});

test('a message waits at most as long again as it has waited at most, and half of it at least', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (receives, drawn) => {
        const longest = secondsUntilRoom(receives, () => 1);
        const seconds = secondsUntilRoom(receives, () => drawn);
        expect(seconds).toBeLessThanOrEqual(longest);
        expect(seconds).toBeGreaterThanOrEqual(Math.floor(longest / 2));
        expect(Number.isInteger(seconds)).toBe(true);
      },
    ),
  );
});

describe('a queue', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-waits-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const url = 'https://sqs.us-east-1.amazonaws.com/999999999999/trail';
  const { queue, service } = openSqs(url, folder);
  const requests: { Entries: { VisibilityTimeout: number }[] }[] = [];
  const sqs = {
    send: async ({ input }: { input: (typeof requests)[number] }) => {
      requests.push(input);
      return service.call('ChangeMessageVisibilityBatch', { ...input });
    },
  } as unknown as Parameters<typeof shortenWaits>[0];

  test('takes the waits of ten messages at a time, each by its receipts', async () => {
    for (let n = 0; n < 23; n++) queue.send(String(n));
    const records = queue.receive(23).map(({ receiptHandle }, index) => ({
      receiptHandle,
      attributes: { ApproximateReceiveCount: index === 22 ? '9' : '1' },
    })) as SQSRecord[];
    await shortenWaits(sqs, url, records);
    expect(requests.map(({ Entries }) => Entries.length)).toEqual([10, 10, 3]);
    const last = requests[2]?.Entries.map(({ VisibilityTimeout }) => VisibilityTimeout) ?? [];
    expect(Math.max(...last.slice(0, 2))).toBeLessThanOrEqual(15);
    expect(last[2]).toBeGreaterThanOrEqual(300);
    queue.close();
  });

  test('that does not take one of them says so', async () => {
    const records = [
      { receiptHandle: 'strange', attributes: { ApproximateReceiveCount: '1' } },
    ] as SQSRecord[];
    await expect(shortenWaits(sqs, url, records)).rejects.toThrow('is not valid');
  });
});
