import { asRecord } from '../../core/identities/identity.ts';
import type { Hop } from '../../core/linking/chain.ts';
import { sessionTerms } from '../../core/records/session-terms.ts';
import { summaryOf } from '../../core/resources/summary.ts';
import { rules } from '../views/terminal/answer.ts';
import { ciRunText } from '../views/terminal/ci-run.ts';
import { kinds } from '../views/terminal/kinds.ts';
import { approverText, nameActing, nameParty } from '../views/terminal/party.ts';
import { termTexts } from '../views/terminal/terms.ts';
import { claimTexts, reasonTitle, warnings } from '../views/terminal/words.ts';
import { day, plural, upperFirst } from '../views/text/format.ts';
import { type Html, html } from '../views/text/html.ts';
import type { BundledRecord, Report } from './format.ts';
import { reportedCalls } from './report-calls.ts';
import { policy, style } from './report-style.ts';
import { callsTable, integrityTable, summaryTables } from './report-tables.ts';

/** The report for a reader who has nothing of ours: one file with its style, no script, nothing from elsewhere. */
export function reportPage(report: Report, records: readonly BundledRecord[]): Html {
  const { answer, integrity } = report;
  const { origin, status, session } = answer;
  const who = origin ? nameParty(origin) : { name: 'Nobody known', what: status };
  const calls = reportedCalls(report, records);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width"><title>Evidence: ${session}</title>${style}</head><body>
<h1>${who.name}</h1><p class="sub">${who.what}</p>
${facts(report)}
${notes(report)}
<h2>The chain, from the origin</h2>${chain(report, records)}
${summaryTables(summaryOf(calls))}
<h2>Calls</h2><p class="sub">${plural(calls.length, 'call')}, each request once.</p>${callsTable(calls)}
<h2>Integrity of the log files</h2><p class="sub">What CloudTrail's signed digest files said of each log file when this bundle was written.</p>${integrityTable(integrity)}
<h2>What is in this bundle</h2>${contents}
</body></html>
`;
}

function facts({ answer }: Report): Html {
  const { session, status, arn, accessKeyId, issuedAt, expiresAt, kind, ci, approver, sourceIdentity } =
    answer;
  const rows: [string, string | null][] = [
    ['Session', session],
    ['Status', status],
    ['Principal', arn],
    ['Key', accessKeyId],
    ['Source identity', sourceIdentity],
    ['Valid', issuedAt && `${day(issuedAt)} to ${day(expiresAt)}`],
    ['Kind', kind && kinds[kind]],
    ['Run', ci ? ciRunText(ci) : null],
    ['Access approved', approver ? approverText(approver) : null],
    ['Times', 'all are UTC'],
  ];
  return html`<dl>${rows.map(([name, value]) => (value ? html`<dt>${name}</dt><dd>${value}</dd>` : null))}</dl>`;
}

function notes({ answer }: Report): Html {
  const { reason, flags } = answer;
  return html`${reason ? html`<p class="note"><b>${upperFirst(reasonTitle(answer))}:</b> ${reason}</p>` : null}${flags.map(flag => html`<p class="note bad"><b>Look at this:</b> ${warnings[flag]}</p>`)}${claimTexts(answer).map(claim => html`<p class="note">${upperFirst(claim)}</p>`)}`;
}

function chain({ answer }: Report, records: readonly BundledRecord[]): Html {
  if (answer.chain.length === 0) return html`<p>No issuance joins this session to anybody.</p>`;
  const hops = [...answer.chain].reverse();
  return html`<ol>${hops.map((hop, index) => {
    const acting = nameActing(hop.roleArn, (hops[index + 1]?.caller ?? answer).arn).name;
    return html`<li>${day(hop.eventTime)}: <b>${nameParty(hop.caller).name}</b> called ${hop.eventName} for <b>${acting}</b>.<br>${rules[hop.joinedBy]}<br>Proof: <code>${hop.eventIDs.join(', ')}</code>${hopNotes(hop, records)}</li>`;
  })}</ol>`;
}

function hopNotes(
  { eventIDs, grants = [], issuance, externalId }: Hop,
  records: readonly BundledRecord[],
): Html {
  const issuing = records.find(({ eventID }) => eventIDs.includes(eventID));
  const terms = issuing ? sessionTerms(asRecord(JSON.parse(issuing.record))) : null;
  const said = [...(externalId ? [`the external id ${externalId}`] : []), ...termTexts(terms ?? undefined)];
  return html`${said.map(text => html`<br>With ${text}`)}${
    issuance === 'ambiguous'
      ? html`<br>Several issuances of one origin fit: which of them is not known.`
      : null
  }${grants.length > 0 ? html`<br>Signed in, or got a token: <code>${grants.join(', ')}</code>` : null}`;
}

const contents = html`<dl>
<dt><code>records.ndjson</code></dt><dd>every record named here as it was delivered, in the field <code>record</code></dd>
<dt><code>report.json</code></dt><dd>the answer, the session's calls and the verdicts on log files, of which this page is made</dd>
<dt><code>manifest.json</code></dt><dd>the SHA-256 of each file</dd>
<dt><code>digests/</code></dt><dd>the digest files that are cited above, each under the name that CloudTrail gave it</dd>
<dt><code>proofs.json</code></dt><dd>where they are from, and their signatures</dd>
<dt><code>keys.json</code></dt><dd>the public keys that CloudTrail told for them</dd>
<dt><code>logs/</code></dt><dd>the log files themselves, where they were asked for</dd>
</dl><p class="sub"><code>roletrail evidence verify</code> checks all of it without a network.</p>`;
