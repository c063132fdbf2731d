import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Generation, generate } from '../../bench/generator.ts';

interface Generated {
  eventID: string;
  eventName: string;
  userIdentity: { type: string; arn?: string; accessKeyId?: string };
  responseElements: { credentials?: { accessKeyId: string } } | null;
  requestParameters: { note?: string } | null;
}

const folder = mkdtempSync(join(tmpdir(), 'roletrail-generator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { bytes: 6e6, fileBytes: 2e6, kept: 0.1, seed: 5 };
const textOf = (file: string) => gunzipSync(readFileSync(file)).toString('utf8');
const recordsOf = ({ files }: Generation) =>
  files.flatMap(file => (JSON.parse(textOf(file)) as { Records: Generated[] }).Records);

let made: Generation;
let records: Generated[];

beforeAll(async () => {
  made = await generate({ ...options, out: join(folder, 'a') });
  records = recordsOf(made);
});

test('counts what a parser finds', () => {
  const role = 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/';
  const under = records.filter(({ userIdentity }) => userIdentity.arn?.startsWith(role));
  expect(made.records).toBe(records.length);
  expect(made.calls).toBe(under.length);
  expect(made.issuances).toBe(records.filter(each => each.responseElements?.credentials).length);
  expect(under.length / records.length).toBeCloseTo(0.1, 1);
});

test('every event has an id of its own', () => {
  expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(records.length);
});

test('records have 1 to 2.5 KB on average, files a tenth of it as gzip', () => {
  expect(made.files).toHaveLength(3);
  const average = made.bytes / made.records;
  expect(average).toBeGreaterThan(1400);
  expect(average).toBeLessThan(2000);
  expect(made.bytes / made.gzipBytes).toBeGreaterThan(6);
});

test('the traps are in it: lookalikes, forged records, escapes, other alphabets, callers without an ARN', () => {
  const text = made.files.map(textOf).join('');
  const traps = [
    '/CrossAccountTest2/',
    '/MyCrossAccountTest/',
    '/crossaccounttests/',
    '\\u0043rossAccountTest',
    '東京',
  ];
  expect(traps.filter(trap => !text.includes(trap))).toEqual([]);
  expect(records.some(each => each.requestParameters?.note?.includes('},{"eventVersion'))).toBe(true);
  expect(records.some(({ userIdentity }) => userIdentity.arn === undefined)).toBe(true);
});

test('most sessions were issued in the same trail', () => {
  const issued = new Set(records.flatMap(each => each.responseElements?.credentials?.accessKeyId ?? []));
  const used = new Set(
    records.flatMap(({ userIdentity: { arn = '', accessKeyId = '' } }) =>
      arn.includes('/CrossAccountTest/') ? accessKeyId : [],
    ),
  );
  expect([...used].filter(key => issued.has(key)).length / used.size).toBeGreaterThan(0.8);
});

test('the same seed makes the same bytes, another seed others', async () => {
  const again = await generate({ ...options, out: join(folder, 'b') });
  const other = await generate({ ...options, seed: 6, out: join(folder, 'c') });
  expect(again.files.map(textOf)).toEqual(made.files.map(textOf));
  expect(other.files.map(textOf)).not.toEqual(made.files.map(textOf));
});
