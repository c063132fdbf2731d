import type { AuditedRoles } from './roles.ts';

/**
 * A look at a record's bytes before it is parsed: false only for a record that cannot matter. It may say true too
 * often, never false wrongly: a record with a `\u` escape may hide any word, and what is no object must be parsed to be
 * refused by name.
 */
export function candidateTest(roles: AuditedRoles): (record: Buffer) => boolean {
  // Issuances name STS or the sign-in; calls under `*` show a session, calls under a role its name.
  const words = [
    'sts.amazonaws.com',
    'signin.amazonaws.com',
    ...(roles.all ? ['"sessionContext"', '"ASIA'] : roles.names),
    '\\u',
  ];
  const needles = words.map(word => Buffer.from(word));
  return record => record[0] !== 0x7b || needles.some(needle => record.includes(needle));
}
