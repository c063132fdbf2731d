import { rmSync } from 'node:fs';

/** Ends what jest.config.mjs began. */
export default function forgetRunFolder() {
  rmSync(process.env.TMPDIR, { recursive: true, force: true });
}
