import type { SessionAnswer } from '../../../../core/linking/session-answer.ts';
import { call } from '../../evidence/story.ts';
import { answer, jsmith, unlinked } from '../../fixtures.ts';

/** A session of its own key; `n` tells it from the others. */
function session(n: number, began: string, more: Partial<SessionAnswer> = {}): SessionAnswer {
  const credential = `ASIAGIVEN${String(n).padStart(11, '0')}`;
  return answer({
    credential,
    accessKeyId: credential,
    session: `${credential}.0000000${n % 10}`,
    began,
    ...more,
  });
}
export const dataAdmin = 'arn:aws:iam::999999999999:role/team/DataAdmin';
export const alice = {
  ...jsmith,
  arn: 'arn:aws:iam::111111111111:user/team/Alice',
  principalId: 'AIDAALICE000000001',
  userName: 'Alice',
};
const behind = { origin: alice, named: 'Alice' };
const named = (name: string, roleArn: string, id: string) => ({
  sessionName: name,
  roleArn,
  arn: `arn:aws:sts::${roleArn.split(':')[4]}:assumed-role/${roleArn.split('/').at(-1)}/${name}`,
  principalId: `${id}:${name}`,
});
export const sessions = {
  older: session(1, '2025-03-10T23:59:59Z', {
    ...behind,
    ...named('deploy', dataAdmin, 'AROADATAADMIN00001'),
  }),
  newer: session(2, '2025-03-12T09:00:00Z', {
    ...behind,
    ...named('deploy', dataAdmin, 'AROADATAADMIN00001'),
  }),
  /** who calls it so is not known: the name is what its caller chose */
  chosen: session(
    3,
    '2025-03-13T09:00:00Z',
    named('ALICE', 'arn:aws:iam::222222222222:role/DataAdmin', 'AROAOTHER000000001'),
  ),
  unlinked: unlinked({
    ...session(4, '2025-03-11T10:00:00Z', { origin: null, named: null, chain: [] }),
    status: 'unlinked',
  }),
  unlinkedLater: unlinked({
    ...session(5, '2025-03-11T11:00:00Z', { origin: null, named: null, chain: [] }),
    status: 'unlinked',
  }),
  ambiguous: unlinked({
    ...session(6, '2025-03-11T10:30:00Z', { origin: null, named: null, chain: [] }),
    status: 'ambiguous',
  }),
  console: answer({
    session: `${call.userIdentity.arn}@2025-03-14T09:00:00Z`,
    credential: `${call.userIdentity.arn}@2025-03-14T09:00:00Z`,
    began: '2025-03-14T09:00:00Z',
    sessionName: 'at-the-console',
  }),
};
/** Thirty of one role, a second apart. */
export const crowdedRole = 'arn:aws:iam::999999999999:role/Crowded';
export const crowd = Array.from({ length: 30 }, (_, n) =>
  session(100 + n, `2025-04-01T00:00:${String(n).padStart(2, '0')}Z`, {
    origin: null,
    named: null,
    ...named('crowd', crowdedRole, 'AROACROWDED0000001'),
  }),
);
