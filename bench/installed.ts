import { createRequire } from 'node:module';

/** Where a package that is not a dependency of this project lies; null when it is not installed. */
export function installed(module: string): string | null {
  try {
    return createRequire(import.meta.url).resolve(module);
  } catch {
    return null;
  }
}
