import { answerCall, type CallNote } from '../../../core/linking/call-answer.ts';
import type { Hop } from '../../../core/linking/chain.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import type { Proofs } from '../../integrity/proofs.ts';
import { noNames, type People } from '../../people/people.ts';
import type { CallWithDoing } from '../../queries/doings.ts';
import type { ReportedEvidence } from '../../queries/lookup-event.ts';
import { clean, cleanLines } from '../text/clean.ts';
import { day } from '../text/format.ts';
import { prettyRecord } from '../text/masked.ts';
import type { Paint } from '../text/paint.ts';
import { namesOf } from './calls.ts';
import { ciRunText } from './ci-run.ts';
import { touchedText } from './doings.ts';
import { integrityText, verdictText } from './integrity.ts';
import { kinds } from './kinds.ts';
import { approverText, nameParty, type Step, stepsTo } from './party.ts';
import { headline } from './story.ts';
import { termTexts } from './terms.ts';
import { claimTexts, isLack, reasonTitle, warnings } from './words.ts';

/** Which rule joined a hop, and how sure that makes it. */
export const rules: Record<Hop['joinedBy'], string> = {
  'exact-key': 'exact key: this record issued the very key that was used, to the same principal, in its time',
  'shared-event':
    "shared event: both accounts' copies of one AssumeRole, tied by sharedEventID or by key, time and principal",
  'principal-and-creation-date':
    'principal and creation date: this record issued the same principal in the second of the creation date, and AWS wrote why no record issued the key itself',
  grant: 'grant: the service that handed out the key says for whom',
  'lake-formation':
    'Lake Formation: its own record names the session that it had issued, and who asked for it',
  claimed: "claimed: only the partner's event says so; our own trail has no copy",
};

/** One session explained: hop by hop with eventIDs, times, accounts and rules; then flags and what is missing. */
export function answerLines(
  answer: SessionAnswer,
  paint: Paint,
  proofs: Proofs = {},
  people: People = noNames,
): string[] {
  const lines = [headline(answer, paint, people)];
  const field = (name: string, value: string | null) => {
    if (value) lines.push(`    ${paint.dim(name.padEnd(9))} ${clean(value)}`);
  };
  field('session', answer.session);
  field('principal', answer.arn);
  field('key', answer.accessKeyId);
  field('source id', answer.sourceIdentity);
  for (const signIn of answer.signInSessions ?? []) field('sign-in', signIn);
  field('kind', answer.kind && kinds[answer.kind]);
  field('run', answer.ci ? ciRunText(answer.ci) : null);
  field('approved', answer.approver ? approverText(answer.approver, people) : null);
  field('status', answer.status);
  field('valid', answer.issuedAt && `${day(answer.issuedAt)} – ${day(answer.expiresAt)}`);
  for (const [index, step] of stepsTo(answer).reverse().entries())
    lines.push(...hopLines(step, index + 1, paint, proofs, people));
  if (answer.reason) {
    lines.push(
      `    ${isLack(answer) ? paint.yellow(reasonText(answer.reason, answer)) : reasonText(answer.reason, answer)}`,
    );
  }
  if (answer.status !== 'linked' && answer.issuerEventIDs.length > 0) {
    lines.push(`    candidates ${answer.issuerEventIDs.map(clean).join(', ')}`);
  }
  for (const flag of answer.flags) lines.push(`    ${paint.red(`look at: ${warnings[flag]}`)}`);
  for (const claim of claimTexts(answer)) lines.push(`    ${claim}`);
  return lines;
}

function reasonText(reason: string, answer: SessionAnswer): string {
  return `${reasonTitle(answer)}: ${clean(reason)}`;
}

function hopLines(
  { hop, roleArn, name: acting }: Step,
  number: number,
  paint: Paint,
  proofs: Proofs,
  people: People,
): string[] {
  if (!hop) return [];
  const { name, what } = nameParty(hop.caller, people);
  const wanted = roleArn ? ` for ${clean(roleArn)}` : hop.mechanism === 'root' ? ` for ${acting}` : '';
  return [
    `    ${paint.bold(`${number}.`)} ${day(hop.eventTime)}  ${paint.bold(name)} ${paint.dim(`(${what})`)} called ${clean(hop.eventName)}${wanted}`,
    ...(hop.caller.arn ? [`       ${paint.dim('by')}    ${clean(hop.caller.arn)}`] : []),
    ...(hop.externalId ? [`       ${paint.dim('with')}  the external id ${clean(hop.externalId)}`] : []),
    ...termLines(hop.eventIDs, proofs, paint),
    ...(hop.signInSession ? [`       ${paint.dim('of')}    the sign-in ${clean(hop.signInSession)}`] : []),
    `       ${paint.dim('proof')} ${hop.eventIDs.map(id => proofText(id, proofs, paint)).join(', ')}`,
    `       ${paint.dim('rule')}  ${rules[hop.joinedBy]}`,
    ...(hop.issuance === 'ambiguous'
      ? [`       ${paint.dim('note')}  several issuances of one origin fit: which of them is not known`]
      : []),
    ...(hop.grants
      ? [
          `       ${paint.dim('keys')}  ${hop.grants.map(id => proofText(id, proofs, paint)).join(', ')} (a sign-in, a token, or a request for credentials)`,
        ]
      : []),
  ];
}

/** The session policies that a credential was asked for with: they narrow what its role allows. */
function termLines(eventIDs: readonly string[], proofs: Proofs, paint: Paint): string[] {
  const terms = eventIDs.flatMap(id => (Object.hasOwn(proofs, id) ? (proofs[id]?.terms ?? []) : []))[0];
  return termTexts(terms).map(text => `       ${paint.dim('with')}  ${clean(text)}`);
}

function proofText(eventID: string, proofs: Proofs, paint: Paint): string {
  const proof = Object.hasOwn(proofs, eventID) ? proofs[eventID] : undefined;
  const why = proof?.verdict === 'no longer kept' ? `, ${proof.reason}` : '';
  return `${paint.cyan(clean(eventID))}${proof ? ` (${verdictText(proof, paint)}${why})` : ''}`;
}

/** Where an event's evidence lies: one block for each copy. */
export function evidenceLines(evidence: readonly ReportedEvidence[], paint: Paint, full: boolean): string[] {
  return evidence.flatMap(
    ({ recipientAccountId, provenance, source, execution, digest, integrity, record, missing }) => [
      `  ${paint.dim('evidence')} of account ${clean(recipientAccountId)}, ${provenance === 'trail' ? "from our own trail's log file" : "from a partner's event"}`,
      `    ${paint.dim('source   ')} ${clean(source)}`,
      `    ${paint.dim('integrity')} ${integrityText(integrity, paint)}`,
      `    ${paint.dim('execution')} ${clean(execution)}`,
      `    ${paint.dim('sha256   ')} ${clean(digest)}`,
      ...(missing ? [`    ${paint.yellow('missing  ')} ${clean(missing.why)}`] : []),
      ...(full && !missing
        ? cleanLines(prettyRecord(record))
            .split('\n')
            .map(line => `    ${line}`)
        : []),
    ],
  );
}

/** The note on a call beside its status. */
export const callNotes: Record<CallNote, string> = {
  'completed-after-expiry': 'accepted while the credential was valid, completed later',
  'credential-refused': 'AWS refused the credential: nothing was done',
};

/** The calls of a credential, newest last, as a table's rows would read; one outside its session's life says so. */
export function callLines(
  calls: readonly CallWithDoing[],
  sessions: readonly SessionAnswer[],
  paint: Paint,
): string[] {
  return calls.map(call => {
    const { answer, session, reason, note } = answerCall(call, sessions);
    const outside = session && !answer ? `  ${paint.red(`unlinked: ${reason}`)}` : '';
    const said = note ? `  ${paint.dim(callNotes[note])}` : '';
    const others = call.others.map(({ eventID }) => clean(eventID)).join(', ');
    const also = others ? `  ${paint.dim(`also ${others}`)}` : '';
    const touched = touchedText(call.doing);
    return `    ${day(call.eventTime)}  ${namesOf([call])}${touched ? `  ${paint.bold(touched)}` : ''}  ${paint.dim(clean(call.awsRegion ?? ''))}  ${paint.cyan(clean(call.eventID))}${also}${said}${outside}`;
  });
}
