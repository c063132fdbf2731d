import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { UsageError } from '../../failure.ts';
import type { People } from '../../people/people.ts';
import { consoleApp } from './app.ts';
import type { Shown } from './shown.ts';

export interface RunningConsole {
  /** with the token: opened once, it lets the browser in */
  address: string;
  close(): Promise<void>;
}

/** Serves the console on this machine's own address only. Throws UsageError for a port that is taken. */
export async function serveConsole(shown: Shown, port: number, people?: People): Promise<RunningConsole> {
  const token = randomBytes(24).toString('base64url');
  const { fetch } = consoleApp(shown, token, people);
  const server = serve({ fetch, port, hostname: '127.0.0.1' });
  await listening(server, port);
  const { port: open } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${open}${shown.traced ? '/sessions' : '/'}?token=${token}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
        // A browser keeps its connections open, and would keep the server.
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function listening(server: ServerType, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new UsageError(`port ${port} is in use: name another with --port`)
          : error,
      ),
    );
  });
}
