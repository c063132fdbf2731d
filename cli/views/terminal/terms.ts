import type { SessionTerms } from '../../../core/records/session-terms.ts';

/** Characters of an inline policy that a line shows: the record has it whole. */
const mostPolicy = 200;

/** With what limits a credential was asked for, a sentence each; its external id stands at the hop already. */
export function termTexts(terms: SessionTerms | undefined): string[] {
  if (!terms) return [];
  const { policy, policyArns, durationSeconds } = terms;
  return [
    ...policyArns.map(arn => `the session policy ${arn}`),
    ...(policy ? [`an inline session policy: ${shortened(policy)}`] : []),
    ...(durationSeconds ? [`a duration of ${durationSeconds.toLocaleString('en-US')} seconds`] : []),
  ];
}

function shortened(policy: string): string {
  const text = policy.replace(/\s+/g, ' ');
  const rest = text.length - mostPolicy;
  return rest > 0
    ? `${text.slice(0, mostPolicy)}... and ${rest.toLocaleString('en-US')} characters more`
    : text;
}
