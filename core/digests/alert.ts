import { shortHash } from '../hash.ts';
import { findingsName } from './records.ts';
import { type DigestResult, faultsOf } from './verdicts.ts';

/** EventBridge takes 256 KB; a reader takes less. */
const mostShown = 20;

/** The alert on a digest that finds something wrong; null when everything matches. */
export function integrityAlert(result: DigestResult) {
  const findings = faultsOf(result);
  if (findings.length === 0) return null;
  const { bucket, key, location } = result;
  const shown = findings.slice(0, mostShown);
  const { account, region, trail } = location;
  const look = `roletrail verify --account ${account} --region ${region}`;
  const id = `integrity-${shortHash([`s3://${bucket}/${key}`, findingsName(result)])}`;
  const lines = [
    `The logs of account ${account} in ${region} do not match CloudTrail's digests:`,
    '',
    ...shown.map(({ object, code, reason }) => `${printable(object)}: ${code}: ${printable(reason)}`),
    ...(findings.length > shown.length ? [`and ${findings.length - shown.length} more`] : []),
    '',
    `digest: s3://${printable(bucket)}/${printable(key)}`,
    `Look closer: ${look}`,
  ];
  return {
    detailType: 'Log integrity' as const,
    detail: {
      ...{ id, account, region, trail, look, digest: `s3://${bucket}/${key}` },
      ...{ count: findings.length, findings: shown },
    },
    subject: `roletrail: ${findings.length} log integrity findings in account ${account}`,
    message: lines.join('\n'),
  };
}

/** Keys may hold anything an attacker put there, line breaks among it. */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, '?');
}
