import { isObject, type Json, textAt } from './read.ts';

/** With what limits a credential was asked for: what its role may do at most is the overlap with its session policies. */
export interface SessionTerms {
  externalId: string | null;
  /** inline session policy, as the request has it; null: none */
  policy: string | null;
  /** managed session policies */
  policyArns: string[];
  durationSeconds: number | null;
}

/**
 * Of the record of an issuing call (STS API reference: `ExternalId`, `Policy`, `PolicyArns`, `DurationSeconds`); null for a record
 * that shows none of them.
 */
export function sessionTerms(record: Json): SessionTerms | null {
  const asked = isObject(record.requestParameters) ? record.requestParameters : {};
  const listed = Array.isArray(asked.policyArns) ? asked.policyArns : [];
  // A list of `{arn}` in the API; some records have the ARNs alone.
  const policyArns = listed
    .map(each => (isObject(each) ? textAt(each, 'arn') : typeof each === 'string' ? each : null))
    .filter(arn => arn !== null);
  const policy = isObject(asked.policy) ? JSON.stringify(asked.policy) : textAt(asked, 'policy');
  const { durationSeconds } = asked;
  const seconds =
    typeof durationSeconds === 'number' ? durationSeconds : Number(textAt(asked, 'durationSeconds'));
  const terms = {
    externalId: textAt(asked, 'externalId'),
    policy,
    policyArns,
    durationSeconds: seconds > 0 ? seconds : null,
  };
  return Object.values(terms).some(value => value !== null && String(value) !== '') ? terms : null;
}
