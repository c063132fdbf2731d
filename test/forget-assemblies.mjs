import { rmSync } from 'node:fs';

/** Ends what jest.config.mjs began. */
export default function forgetAssemblies() {
  rmSync(process.env.ROLETRAIL_ASSEMBLIES, { recursive: true, force: true });
}
