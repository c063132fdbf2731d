import { once } from 'node:events';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { LogNames } from '../../steps/runtime/environment.ts';

/** What the process of the run is asked to write: a `whole` app, its `templates` with stand-ins for code, or a template of `theirs`. */
export interface Asked {
  kind: 'whole' | 'templates' | 'theirs';
  config: RoletrailConfig;
  /** the folder; of `theirs`, the file */
  assembly: string;
  logNames: LogNames;
}

/** Lets the synthesizer of this run write an assembly. Rejects with the sentence that the synthesis failed with. */
export async function ask(asked: Asked, socket = process.env.ROLETRAIL_SYNTHESIZER ?? ''): Promise<void> {
  const connection = createConnection(socket);
  await once(connection, 'connect');
  connection.end(JSON.stringify(asked));
  const failure = await text(connection);
  if (failure) throw new Error(failure);
}
