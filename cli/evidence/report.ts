import type { Hop } from '../../core/linking/chain.ts';
import { isObject } from '../../core/records/read.ts';
import { rules } from '../views/terminal/answer.ts';
import { ciRunText } from '../views/terminal/ci-run.ts';
import { kinds } from '../views/terminal/kinds.ts';
import { approverText, nameActing, nameParty } from '../views/terminal/party.ts';
import { reasonTitle, warnings } from '../views/terminal/words.ts';
import { day, upperFirst } from '../views/text/format.ts';
import { type Html, html } from '../views/text/html.ts';
import type { BundledRecord, Report } from './format.ts';

/** The report for a reader who has nothing of ours: no style sheet, no script, nothing from elsewhere. */
export function reportPage({ answer, calls, integrity }: Report, records: readonly BundledRecord[]): Html {
  const { origin, status, reason, flags, chain, session, arn, issuedAt, expiresAt, kind, ci, approver } =
    answer;
  const who = origin ? nameParty(origin) : { name: 'Nobody known', what: status };
  const byId = new Map(records.map(each => [each.eventID, each]));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>Evidence: ${session}</title></head><body>
<h1>${who.name}</h1><p>${who.what}. Session <code>${session}</code>, ${status}.${kind ? ` Kind: ${kinds[kind]}.` : ''}${ci ? ` Run: ${ciRunText(ci)}.` : ''}${approver ? ` Access approved ${approverText(approver)}.` : ''} Principal <code>${arn ?? 'not shown'}</code>. Valid: ${issuedAt ? `${day(issuedAt)} to ${day(expiresAt)}` : 'not known'}. All times are UTC.</p>
${reason ? html`<p><b>${upperFirst(reasonTitle(answer))}:</b> ${reason}</p>` : null}${flags.map(flag => html`<p><b>Look at this:</b> ${warnings[flag]}</p>`)}
<h2>The chain, from the origin</h2>${chain.length === 0 ? html`<p>No issuance joins this session to anybody.</p>` : null}<ol>${[
    ...chain,
  ]
    .reverse()
    .map(
      (hop, index, hops) =>
        html`<li>${day(hop.eventTime)}: <b>${nameParty(hop.caller).name}</b> called ${hop.eventName} for <b>${nameActing(hop.roleArn, (hops[index + 1]?.caller ?? answer).arn).name}</b>.<br>${rules[hop.joinedBy]}<br>Proof: <code>${hop.eventIDs.join(', ')}</code>${hopNotes(hop)}</li>`,
    )}</ol>
<h2>Calls</h2><table border="1" cellpadding="4"><tr><th>Time</th><th>Call</th><th>Error</th><th>From</th><th>Event id</th><th>Log file</th></tr>
${calls.map(id => callRow(id, byId.get(id)))}</table>
<h2>Integrity of the log files</h2><p>What CloudTrail's signed digest files said of each log file when this bundle was written.</p>
<table border="1" cellpadding="4"><tr><th>Verdict</th><th>Log file</th><th>Reason</th><th>Digest</th></tr>
${integrity.map(each => html`<tr><td><b>${each.verdict}</b></td><td><code>${each.source}</code></td><td>${each.reason ?? ''}</td><td><code>${each.digest ?? ''}</code></td></tr>`)}</table>
<h2>What is in this bundle</h2><p><code>records.ndjson</code> has every record named here as it was delivered, in the field <code>record</code>; <code>report.json</code> says what this page says; <code>manifest.json</code> has the SHA-256 of each file. <code>digests/</code> has the digest files that are cited above, <code>proofs.json</code> their signatures, <code>keys.json</code> the public keys that CloudTrail told for them; <code>logs/</code>, where it is there, the log files themselves.</p>
</body></html>
`;
}

function hopNotes({ grants = [], issuance }: Hop): Html {
  return html`${issuance === 'ambiguous' ? html`<br>Several issuances of one origin fit: which of them is not known.` : null}${
    grants.length > 0 ? html`<br>Signed in, or got a token: <code>${grants.join(', ')}</code>` : null
  }`;
}

function callRow(id: string, bundled: BundledRecord | undefined): Html {
  const parsed: unknown = bundled ? JSON.parse(bundled.record) : null;
  const record = isObject(parsed) ? parsed : {};
  const at = (name: string) => (typeof record[name] === 'string' ? record[name] : '');
  return html`<tr><td>${day(at('eventTime'))}</td><td>${at('eventSource')} ${at('eventName')}</td><td>${at('errorCode')}</td><td>${at('sourceIPAddress')}</td><td><code>${id}</code></td><td><code>${bundled?.source ?? ''}</code></td></tr>`;
}
