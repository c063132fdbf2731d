import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The program of the embedded DynamoDB; null where it is not installed: npm has it for Linux x64 alone. */
export function embeddedDatabase(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return join(dirname(manifest), 'dynoxide');
  } catch {
    return null;
  }
}

/** A DynamoDB of the user's own, in place of the embedded one. */
export function namedDatabase(): string | undefined {
  return process.env.ROLETRAIL_DYNAMODB_ENDPOINT;
}
