import { rmSync } from 'node:fs';
import { stopSynthesizer } from './synthesizer/run.mjs';

/** Ends what jest.config.mjs and the start of the run began. */
export default async function forgetRunFolder() {
  await stopSynthesizer();
  rmSync(process.env.TMPDIR, { recursive: true, force: true });
}
