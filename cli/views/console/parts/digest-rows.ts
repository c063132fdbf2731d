import { type DigestRecord, isAmiss } from '../../../../core/digests/records.ts';
import type { RegionDigests } from '../../../queries/coverage.ts';
import { plural } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { badge } from './status.ts';

/** Of each region how many digests were checked, and everything that was not as CloudTrail left it. */
export function digestRows(regions: readonly RegionDigests[]): Html {
  if (regions.length === 0) {
    return html`<p class="empty">No digest of that day was checked: log file validation is off, or the digests have not arrived. See <code>roletrail verify --help</code>.</p>`;
  }
  return html`<div class="scroll"><table class="list small"><thead><tr><th>Region</th><th class="n">Digests</th><th class="n">Log files</th><th>Found</th></tr></thead>
<tbody>${regions.map(({ region, records }) => {
    const amiss = records.filter(isAmiss);
    const files = records.reduce((sum, each) => sum + each.files, 0);
    return html`<tr><td class="keep"><code>${region}</code></td><td class="n">${records.length}</td><td class="n">${files}</td>
<td class="wide">${amiss.length === 0 ? badge('good', 'unchanged') : amiss.map(finding)}</td></tr>`;
  })}</tbody></table></div>`;
}

function finding({ uri, problem, reason, tampered }: DigestRecord): Html {
  const files = tampered > 0 ? `${plural(tampered, 'log file')} not matching it` : null;
  const said = [problem && `${problem}: ${reason ?? ''}`, files].filter(part => part).join('; ');
  return html`<div class="bad">${badge('bad', 'tampered')} ${said}<div class="sub"><code>${uri}</code></div></div>`;
}
