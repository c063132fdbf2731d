import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../cloud/cloud.ts';
import { readIfThere } from './files.ts';
import { ownerOf } from './lock.ts';

/** What another process needs to speak to a running cloud. */
export type Reachable = Pick<Cloud, 'endpoint' | 'region' | 'account' | 'credentials' | 'outputs'>;

/** A cloud that another process runs on a state folder. */
export interface Running extends Reachable {
  pid: number;
}

const fileName = 'running.json';

/** Tells other processes where the cloud of this one is. Answers how to take it back. */
export function announce(state: string, cloud: Reachable): () => void {
  const file = join(state, fileName);
  const { endpoint, region, account, credentials, outputs } = cloud;
  const running: Running = { pid: process.pid, endpoint, region, account, credentials, outputs };
  // Renamed into place: a reader finds all of it or none.
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  renameSync(whole, file);
  return () => rmSync(file, { force: true });
}

/**
 * The cloud that another process runs on this folder; null when none does, or it is still starting. Throws ForeignFolder: what
 * another user wrote there would say where to send requests.
 */
export function runningCloud(state: string): Running | null {
  const file = join(state, fileName);
  const pid = ownerOf(state);
  const text = pid === null ? null : readIfThere(file);
  if (text === null) return null;
  const running = JSON.parse(text) as Running;
  // A process that was killed leaves its file behind.
  return running.pid === pid ? running : null;
}
