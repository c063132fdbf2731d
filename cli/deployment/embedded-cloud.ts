import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedDatabase, namedDatabase } from '@roletrail/local';
import { CliError } from '../failure.ts';
import { projectRoot } from '../project.ts';

/** Why the embedded cloud cannot run here, as the end of a sentence; null where it can. */
export function noCloudHere(): string | null {
  if (!existsSync(join(projectRoot, 'local'))) return 'which is not part of this package, but of the project';
  if (namedDatabase() !== undefined || embeddedDatabase() !== null) return null;
  return `whose DynamoDB is for Linux x64, not for ${process.platform} on ${process.arch}: name one of your own in ROLETRAIL_DYNAMODB_ENDPOINT`;
}

/** Throws CliError where the embedded cloud cannot run, before anything is made for it. */
export function requireCloud(): void {
  const why = noCloudHere();
  if (why === null) return;
  throw new CliError(
    `this needs the embedded cloud, ${why}; roletrail trace answers from log files without it`,
  );
}
