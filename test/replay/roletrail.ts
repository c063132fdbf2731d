import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const project = join(import.meta.dirname, '..', '..');

export interface Ran {
  status: number | null;
  out: string;
  err: string;
}

/** Runs the command as a user does: a process of its own, through the binary, with no terminal. */
export function roletrail(words: string[], environment: NodeJS.ProcessEnv = {}, cwd = project): Promise<Ran> {
  return run([join(project, 'bin', 'roletrail.mjs'), ...words], environment, cwd);
}

/** Runs a script; absent another, with the Node that runs the tests. */
export function run(
  words: string[],
  environment: NodeJS.ProcessEnv = {},
  cwd = project,
  node = process.execPath,
): Promise<Ran> {
  const child = spawn(node, words, { cwd, env: { ...process.env, ...environment } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => resolve({ status, out, err }));
  });
}

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-replay-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

export function readLines<T>(...path: string[]): T[] {
  return readFileSync(join(...path), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as T);
}

/** What tests read of a report. */
export interface Summary {
  files: number;
  records: number;
  kept: number;
  dropped: number;
  duplicates: number;
  sessions: number;
  linkedCalls: number;
  unlinkedCalls: number;
  quarantined: number;
  executions: { succeeded: number; failed: number };
  seconds: number;
}

export interface Party {
  type: string;
  arn: string | null;
  invokedBy: string | null;
  accountId: string | null;
}

export interface CallLine {
  eventID: string;
  eventName: string;
  status: string;
  issuerEventIDs: string[];
  chain: { eventIDs: string[] }[];
  origin: Party | null;
}

export interface SessionLine {
  accessKeyId: string | null;
  sessionName: string | null;
  roleArn: string | null;
  status: string;
  issuerEventIDs: string[];
  chain: { eventIDs: string[] }[];
  origin: Party | null;
  calls: number;
  flags: string[];
}
