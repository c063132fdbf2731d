import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A running DynamoDB: an HTTP endpoint on loopback. */
export interface DynamoDbProcess {
  port: number;
  /** what it said of its end, should it have ended */
  lastWords(): string;
  close(): Promise<void>;
}

// The server's standard input cannot tell it that we are gone; a shell that waits for the end of its own input can.
// So it ends with us even when we are killed.
const watchdog =
  '"$0" "$@" </dev/null & server=$!; trap "kill $server" TERM; cat >/dev/null; kill $server; wait $server';
const patience = 15_000;

/**
 * Starts dynoxide over a database file. Throws an Error in one sentence when this platform has no such package, or with
 * the server's own words when it does not come up.
 */
export async function startDynoxide(databaseFile: string): Promise<DynamoDbProcess> {
  const port = await freePort();
  const server = spawn(
    '/bin/sh',
    ['-c', watchdog, binary(), 'serve', '--port', `${port}`, '--db-path', databaseFile],
    {
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  );
  let words = '';
  server.stderr?.on('data', chunk => {
    words = `${words}${chunk}`.slice(-2_000);
  });
  await answering(port, server, () => words);
  return { port, lastWords: () => words.trim(), close: () => end(server) };
}

function binary(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return join(dirname(manifest), 'dynoxide');
  } catch {
    throw new Error(
      `the embedded DynamoDB is there for Linux on x64 only, not for ${process.platform} on ${process.arch}: ` +
        'name another one with ROLETRAIL_DYNAMODB_ENDPOINT',
    );
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise(resolve => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

async function answering(port: number, server: ChildProcess, words: () => string): Promise<void> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) break;
    try {
      await globalThis.fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      await wait(10);
    }
  }
  await end(server);
  throw new Error(`the embedded DynamoDB did not come up: ${words().trim() || 'it said nothing'}`);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise(resolve => server.once('exit', resolve));
  server.stdin?.end();
  await ended;
}
