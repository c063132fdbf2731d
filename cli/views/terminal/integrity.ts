import type { Integrity } from '../../../core/digests/file-integrity.ts';
import type { UnnamedFile } from '../../../core/digests/unnamed.ts';
import { type DigestResult, faultsOf } from '../../../core/digests/verdicts.ts';
import type { Absent } from '../../queries/kept.ts';
import { clean } from '../text/clean.ts';
import { plural } from '../text/format.ts';
import type { Paint } from '../text/paint.ts';

/** What is wrong with a digest and its files, a line each; a note where the chain cannot be followed. */
export function resultLines(result: DigestResult, paint: Paint): string[] {
  const { bucket, key, chain, elsewhere } = result;
  const digest = `s3://${bucket}/${key}`;
  const lines = faultsOf(result).map(
    ({ object, code, reason }) =>
      `  ${paint.red('✕')} ${clean(object)}: ${paint.bold(code)}: ${clean(reason)}`,
  );
  if (chain.state === 'open') {
    const before = chain.elsewhere
      ? `the digest before it is in another bucket, and was not checked: ${clean(chain.elsewhere)}`
      : 'neither the digest before it nor an older one is here';
    lines.push(`  ${paint.yellow('○')} ${clean(digest)}: ${before}`);
  }
  if (elsewhere > 0) {
    lines.push(
      `  ${paint.yellow('○')} ${clean(digest)}: ${plural(elsewhere, 'log file')} in another bucket, not checked`,
    );
  }
  return lines;
}

const mostNamed = 1000;

/** Log files that no digest names, a line each: findings first. */
export function unnamedLines(files: readonly UnnamedFile[], paint: Paint): string[] {
  const pending = files.filter(({ code }) => code === 'pending');
  const listed = [...files.filter(({ code }) => code !== 'pending'), ...pending];
  const lines = listed.slice(0, mostNamed).map(({ key, code, reason }) => {
    const mark = code === 'pending' ? paint.yellow('○') : paint.red('✕');
    return `  ${mark} ${clean(key)}: ${paint.bold(code)}: ${clean(reason)}`;
  });
  if (listed.length > mostNamed)
    lines.push(`  and ${plural(listed.length - mostNamed, 'more log file')} that no digest names`);
  return lines;
}

/** `3 digests, 12 log files verified, 1 finding`. */
export function verifiedLine(
  results: readonly DigestResult[],
  unnamed: readonly UnnamedFile[],
  paint: Paint,
): string {
  const verified = results
    .flatMap(({ files }) => files)
    .filter(({ verdict }) => verdict === 'verified').length;
  const pending = unnamed.filter(({ code }) => code === 'pending').length;
  const findings = results.flatMap(faultsOf).length + unnamed.length - pending;
  const signed = results.filter(({ problem }) => problem === null).length;
  const found = plural(findings, 'finding');
  return (
    `${signed} of ${plural(results.length, 'digest')} signed by CloudTrail, ` +
    `${plural(verified, 'log file')} verified, ${pending > 0 ? `${pending} pending, ` : ''}${findings > 0 ? paint.red(found) : 'no findings'}`
  );
}

/** `verified`, in its colour. */
export function verdictText({ verdict }: Pick<Integrity | Absent, 'verdict'>, paint: Paint): string {
  if (verdict === 'verified') return paint.green(verdict);
  return verdict === 'tampered' ? paint.red(verdict) : paint.dim(verdict);
}

/** `verified by s3://...`, `tampered: the file was replaced`. */
export function integrityText(integrity: Integrity, paint: Paint): string {
  const { reason, digest } = integrity;
  const by = digest ? paint.dim(` by ${clean(digest)}`) : '';
  return `${verdictText(integrity, paint)}${reason ? `: ${clean(reason)}` : ''}${by}`;
}
