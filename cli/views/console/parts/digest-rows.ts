import { type DigestRecord, isAmiss } from '../../../../core/digests/records.ts';
import { inParallel } from '../../../../core/parallel.ts';
import { DigestBucket } from '../../../../steps/store/digest-bucket.ts';
import type { Deployment } from '../../../deployment/deployment.ts';
import { plural } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { badge } from './status.ts';

/** What the digests of one region said on one day. */
export interface RegionDigests {
  region: string;
  records: DigestRecord[];
}

const atOnce = 8;

/**
 * The checked digests of an account's day, region by region: those that have digests in the trail bucket, and `regions`. One
 * Query for each.
 */
export async function digestsOf(
  { s3, outputs, integrity }: Deployment,
  account: string,
  day: string,
  regions: readonly string[],
): Promise<RegionDigests[]> {
  const bucket = outputs.TrailBucketName;
  const folders = await new DigestBucket(s3, [bucket]).folders(
    bucket,
    `AWSLogs/${account}/CloudTrail-Digest/`,
  );
  const named = folders.map(folder => folder.split('/').at(-2) ?? '');
  const all = [...new Set([...regions, ...named])].sort();
  const found = await inParallel(all, atOnce, async region => ({
    region,
    records: await integrity.digests(account, region, `${day}T00:00:00Z`, `${day}T23:59:59Z`),
  }));
  return found.filter(({ records }) => records.length > 0);
}

/** Of each region how many digests were checked, and everything that was not as CloudTrail left it. */
export function digestRows(regions: readonly RegionDigests[]): Html {
  if (regions.length === 0) {
    return html`<p class="empty">No digest of that day was checked: log file validation is off, or they have not come. See <code>roletrail verify --help</code>.</p>`;
  }
  return html`<div class="scroll"><table class="list small"><thead><tr><th>Region</th><th class="n">Digests</th><th class="n">Log files</th><th>Found</th></tr></thead>
<tbody>${regions.map(({ region, records }) => {
    const amiss = records.filter(isAmiss);
    const files = records.reduce((sum, each) => sum + each.files, 0);
    return html`<tr><td class="keep"><code>${region}</code></td><td class="n">${records.length}</td><td class="n">${files}</td>
<td class="wide">${amiss.length === 0 ? badge('good', 'as CloudTrail left them') : amiss.map(finding)}</td></tr>`;
  })}</tbody></table></div>`;
}

function finding({ uri, problem, reason, tampered }: DigestRecord): Html {
  const files = tampered > 0 ? `${plural(tampered, 'log file')} not as it says` : null;
  const said = [problem && `${problem}: ${reason ?? ''}`, files].filter(part => part).join('; ');
  return html`<div class="bad">${badge('bad', 'tampered')} ${said}<div class="sub"><code>${uri}</code></div></div>`;
}
