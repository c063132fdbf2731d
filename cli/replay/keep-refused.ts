import { quarantineObject } from '../../steps/store/quarantine-store.ts';
import type { Refusal } from '../../steps/transport/payloads.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { RefusedInput } from '../inputs/refused.ts';

/** The name that quarantine keeps a replay's own refusals under. */
export function refusedName(began: Date): string {
  return `replay-${began.toISOString().replace(/[-:.]/g, '')}-refused`;
}

/** Keeps what no execution can take like what intake refuses. */
export async function keepRefused(
  { s3, outputs }: Pick<Deployment, 's3' | 'outputs'>,
  began: Date,
  refused: readonly (RefusedInput & Pick<Refusal, 'raw'> & { step?: string })[],
): Promise<void> {
  if (refused.length === 0) return;
  const header = {
    execution: refusedName(began),
    at: new Date().toISOString(),
    count: refused.length,
    failure: null,
    input: null,
  };
  const refusals = refused.map(({ file, step = 'Replay', ...reason }) => ({ step, ...reason, source: file }));
  await quarantineObject(s3, outputs.WorkBucketName, header, refusals);
}
