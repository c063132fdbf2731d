import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { embeddedDatabase } from './database.ts';

/** A running DynamoDB: an HTTP endpoint on loopback. */
export interface DynamoDbProcess {
  /** an address of the loopback network */
  host: string;
  port: number;
  /** Why it is gone, in its own words, should it have ended by itself. It is never started again. */
  lastWords(): string;
  close(): Promise<void>;
}

/** How long the server may take to come up, or to end, in milliseconds. */
const patience = 15_000;
const attempts = 5;

/**
 * Starts dynoxide over a database file, on loopback. It asks nobody who he is, and tells browsers that any page may ask it
 * (`Access-Control-Allow-Origin: *`): so it gets an address of its own among the sixteen million of 127.0.0.0/8 (RFC 1122),
 * where no page finds it. It ends with this process, even when that is killed. Throws an
 * Error in one sentence when this platform has no such package, or with the server's own words when it does not come up.
 */
export async function startDynoxide(databaseFile: string): Promise<DynamoDbProcess> {
  const command = binary();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const host = hiddenHost();
      return await startOn({ host, port: await freePort(host) }, command, databaseFile);
    } catch (error) {
      // Another process may take the port between our finding it free and the server's binding it.
      if (attempt === attempts || !/already in use/.test(String(error))) throw error;
    }
  }
}

/** Any address of the loopback network but those that anybody tries first: 127.0.*. */
function hiddenHost(): string {
  return `127.${randomInt(1, 256)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
}

async function startOn(
  { host, port }: { host: string; port: number },
  command: string,
  databaseFile: string,
): Promise<DynamoDbProcess> {
  const parentGuard = join(import.meta.dirname, 'with-parent.sh');
  const server = spawn(
    '/bin/sh',
    [parentGuard, command, 'serve', '--host', host, '--port', `${port}`, '--db-path', databaseFile],
    {
      stdio: ['pipe', 'ignore', 'pipe'],
      // In a group of its own Ctrl-C does not reach it: what is under way here may still need it to end well.
      detached: true,
    },
  );
  let words = '';
  let ended: string | undefined;
  const end = new Promise<void>(resolve => {
    server.once('close', (code, signal) => {
      const said = words.replace(/^Dynoxide listening on .*\n?/m, '').trim() || 'it printed nothing';
      ended = `${said} (${signal ?? `exit code ${code}`})`;
      resolve();
    });
  });
  const up = new Promise<boolean>((resolve, reject) => {
    server.once('error', reject);
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = `${words}${text}`.slice(-2_000);
      if (/^Dynoxide listening on /m.test(words)) resolve(true);
    });
    void end.then(() => resolve(false));
    setTimeout(() => resolve(false), patience).unref();
  });
  // Without a listener, the pipe to a server that just died would take this process with it.
  server.stdin.on('error', () => undefined);

  const close = async () => {
    const force = setTimeout(() => server.pid && process.kill(-server.pid, 'SIGKILL'), patience);
    server.stdin.end();
    await end;
    clearTimeout(force);
  };
  if (await up) return { host, port, lastWords: () => ended ?? '', close };
  const reason = ended ?? `it did not answer within ${patience / 1000} seconds`;
  await close();
  throw new Error(`the embedded DynamoDB did not start: ${reason}`);
}

function binary(): string {
  const found = embeddedDatabase();
  if (found !== null) return found;
  throw new Error(
    `the embedded DynamoDB runs on Linux x64 only, not on ${process.platform} on ${process.arch}: ` +
      'name another one with ROLETRAIL_DYNAMODB_ENDPOINT',
  );
}

async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, host, resolve));
  const address = probe.address();
  await new Promise(resolve => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error(`no free port on ${host}`);
  return address.port;
}
