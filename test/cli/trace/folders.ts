import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-trace-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Files by their path below a folder: text, or records of a log file, packed where the name says so. */
export function writeFiles(folder: string, files: Record<string, string | unknown[]>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify({ Records: content });
    writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  }
}

/** The key of a log file of the account, delivered at a time (`20250602T1000Z`). */
export function logKey(account: string, time: string, unique: string, region = 'us-east-1'): string {
  const day = `${time.slice(0, 4)}/${time.slice(4, 6)}/${time.slice(6, 8)}`;
  return `AWSLogs/${account}/CloudTrail/${region}/${day}/${account}_CloudTrail_${region}_${time}_${unique}.json.gz`;
}

/** EventBridge's event around a record, as a partner's topic brings it. */
export function eventOf(account: string, detail: object, region = 'us-east-1'): string {
  return JSON.stringify({
    ...{ version: '0', id: 'e', 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.sts' },
    ...{ account, region, time: '2025-06-02T10:00:00Z', resources: [], detail },
  });
}
