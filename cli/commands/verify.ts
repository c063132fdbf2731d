import { basename } from 'node:path';
import type { Command } from 'commander';
import { digestLocation } from '../../core/digests/digest-key.ts';
import { knownKeys } from '../../core/digests/public-keys.ts';
import { type UnnamedFile, unnamedFiles } from '../../core/digests/unnamed.ts';
import { type DigestResult, faultsOf } from '../../core/digests/verdicts.ts';
import { type VerifyTools, verifyDigest } from '../../core/digests/verify-digest.ts';
import type { Context, Run } from '../context.ts';
import { CliError, exitCode, UsageError } from '../failure.ts';
import { findInputs } from '../inputs/inputs.ts';
import { bucketOfCopy, headsOf } from '../integrity/copies.ts';
import { keysIn, type Wanted, wantedAmong, wantedLogs } from '../integrity/digests.ts';
import { FolderStore } from '../integrity/folder-store.ts';
import { readKeyFiles } from '../integrity/keys-file.ts';
import { refuseLinks } from '../integrity/links.ts';
import { accountIn, timeIn } from '../queries/arguments.ts';
import { resultLines, unnamedLines, verifiedLine } from '../views/terminal/integrity.ts';
import { clean, safeJson } from '../views/text/clean.ts';
import { plural } from '../views/text/format.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

interface VerifyOptions extends TargetOptions, Wanted {
  keys: string[];
  prefix: string;
  json?: boolean;
}

const help = `
Examples:
  $ roletrail verify --target aws --from 2025-03-11 --to 2025-03-12
  $ roletrail verify --account 999999999999 --region us-east-1
  $ roletrail verify copy/ --keys keys.json          a folder that "aws s3 sync" filled, without AWS

Each digest CloudTrail signed is checked, newest first: its location, its signature, its link to the digest before, and the
SHA-256 of every log file it names. Log files that no digest names are listed; so is a chain whose end is missing: log files
more than two hours younger than the newest digest. Others are pending. Keys come from CloudTrail, or from files with the output of "aws cloudtrail list-public-keys
--start-time TIME". A copied digest has lost its signature: it is taken from the digest that follows it, or from
DIGEST.json.gz.head next to it, the output of "aws s3api head-object".

Exit status: 0 everything matches the digests, 1 no digests, 2 wrong usage, 3 something does not match.`;

export function verifyCommand(program: Command, run: Run) {
  withTargetOptions(program.command('verify'))
    .description('check log files against the digests that CloudTrail signed')
    .argument('[path]', 'a folder of copies, with their keys as paths; otherwise the trail bucket')
    .option('--from <time>', 'digests that end at or after it: 2025-03-11 or 2025-03-11T09:00:00Z', timeIn)
    .option('--to <time>', 'digests of log files delivered until then', timeIn)
    .option('--account <id>', 'of one account', accountIn)
    .option('--region <region>', 'of one region')
    .option('--prefix <prefix>', "the trail's prefix in the bucket", '')
    .option('--keys <file>', 'public keys; may be repeated', (file, files: string[]) => [...files, file], [])
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action((path: string | undefined, options: VerifyOptions) =>
      run(context => verify(path, options, context)),
    );
}

async function verify(path: string | undefined, options: VerifyOptions, context: Context): Promise<number> {
  const { screen } = context;
  if (options.from && options.to && options.from > options.to) {
    throw new UsageError('--from is later than --to');
  }
  const { results, unnamed } =
    path === undefined ? await inBucket(options, context) : await inFolder(path, options, context);
  screen.endProgress();
  if (options.json) {
    screen.line(safeJson(results, 2));
    for (const line of unnamedLines(unnamed, screen.paint)) screen.error(line);
  } else {
    for (const result of results) for (const line of resultLines(result, screen.paint)) screen.line(line);
    for (const line of unnamedLines(unnamed, screen.paint)) screen.line(line);
    screen.line(verifiedLine(results, unnamed, screen.paint));
  }
  const amiss =
    results.some(result => faultsOf(result).length > 0) || unnamed.some(({ code }) => code !== 'pending');
  return amiss ? exitCode.attention : exitCode.done;
}

interface Looked {
  results: DigestResult[];
  /** log files that none of these digests names */
  unnamed: UnnamedFile[];
}

async function inFolder(path: string, options: VerifyOptions, context: Context): Promise<Looked> {
  if (options.keys.length === 0) {
    throw new UsageError(`${path} is verified without AWS: give the public keys with --keys`);
  }
  const keys = knownKeys(readKeyFiles(options.keys));
  refuseLinks(path);
  const { deliver, heads } = await findInputs([path], context.signal);
  // Log files are checked several at once, which an archive that is read from its beginning does not allow.
  const copies = deliver.filter(({ archive }) => archive === undefined);
  const files = new Map(copies.map(copy => [copy.key, copy]));
  const stored = copies.filter(({ key }) => digestLocation(key));
  const bucketsOf = new Map<string, string>();
  for (const copy of stored) bucketsOf.set(copy.key, (await bucketOfCopy(copy)) ?? basename(path));
  const store = new FolderStore(copies, new Set(bucketsOf.values()), await headsOf(stored, heads));
  const found = wantedAmong(files.keys(), options);
  if (found.length === 0)
    throw new CliError(
      noDigests(
        path,
        copies.map(({ key }) => key),
      ),
    );
  const signed = found.filter(({ key }) => store.isSigned(key));
  if (signed.length === 0)
    throw new CliError(
      `no digest in ${path} can be checked, because their signatures are not known: ${headHint}`,
      exitCode.attention,
    );
  for (const { key } of found) {
    if (!store.isSigned(key))
      context.screen.error(`${clean(key)}: not checked, because its signature is not known: ${headHint}`);
  }
  const digests = signed.map(each => ({ ...each, bucket: bucketsOf.get(each.key) ?? basename(path) }));
  const results = await verifyAll(digests, { store, keys }, context);
  return { results, unnamed: unnamedFiles(wantedLogs(files.keys(), options), results) };
}

const headHint = 'save the output of "aws s3api head-object" next to it, as DIGEST.json.gz.head';

function noDigests(where: string, keys: readonly string[]): string {
  const some = keys.some(key => digestLocation(key));
  return some
    ? `${where} has no digest for that account, Region and time`
    : `no digests in ${where}: they lie in AWSLogs/ACCOUNT/CloudTrail-Digest/`;
}

function inBucket(options: VerifyOptions, context: Context): Promise<Looked> {
  return onTarget(options, async ({ trail }) => {
    const { bucket } = trail;
    const prefix = options.prefix === '' ? '' : `${options.prefix.replace(/\/+$/, '')}/`;
    context.screen.progress(`looking for digests in ${bucket}…`);
    const all = await keysIn(trail, prefix, options, 'CloudTrail-Digest');
    const found = wantedAmong(all, options);
    if (found.length === 0) throw new CliError(noDigests(bucket, all));
    const keys = options.keys.length > 0 ? knownKeys(readKeyFiles(options.keys)) : trail.publicKeys;
    const results = await verifyAll(
      found.map(each => ({ ...each, bucket })),
      { store: trail, keys },
      context,
    );
    context.screen.progress(`looking for log files in ${bucket}…`);
    const logs = await keysIn(trail, prefix, options, 'CloudTrail');
    return { results, unnamed: unnamedFiles(wantedLogs(logs, options), results) };
  });
}

async function verifyAll(
  digests: readonly { bucket: string; key: string; location: DigestResult['location'] }[],
  tools: VerifyTools,
  { screen, signal }: Context,
): Promise<DigestResult[]> {
  const results: DigestResult[] = [];
  let files = 0;
  const onFile = () => {
    files += 1;
    screen.progress(`${results.length} of ${plural(digests.length, 'digest')}, ${plural(files, 'log file')}`);
  };
  for (const { bucket, key, location } of digests) {
    signal.throwIfAborted();
    results.push(await verifyDigest(bucket, key, location, { ...tools, onFile }));
  }
  return results;
}
