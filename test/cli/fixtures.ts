import type { Hop, Party } from '../../core/linking/chain.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';

export const jsmith: Party = {
  type: 'IAMUser',
  arn: 'arn:aws:iam::111111111111:user/jsmith',
  principalId: 'AIDAEXAMPLE',
  accountId: '111111111111',
  userName: 'jsmith',
  invokedBy: null,
  identityProvider: null,
  onBehalfOf: null,
  workload: null,
};

export const hop = (role: string, eventIDs: string[], eventTime: string, caller: Party = jsmith): Hop => ({
  eventIDs,
  eventName: 'AssumeRole',
  eventTime,
  roleArn: `arn:aws:iam::999999999999:role/${role}`,
  caller,
  sourceIdentity: null,
  joinedBy: 'exact-key',
  mechanism: 'assume-role',
});

/** A linked session over one role; `more` changes what a test is about. */
export const answer = (more: Partial<SessionAnswer> = {}): SessionAnswer => ({
  session: 'ASIAONE.00000000',
  credential: 'ASIAONE',
  accessKeyId: 'ASIAONE',
  status: 'linked',
  reason: null,
  arn: 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/test',
  principalId: 'AROAEXAMPLE:test',
  roleArn: 'arn:aws:iam::999999999999:role/CrossAccountTest',
  sessionName: 'test',
  sourceIdentity: null,
  issuedAt: '2025-03-11T09:00:00Z',
  expiresAt: '2025-03-11T10:00:00Z',
  issuerEventIDs: ['issue-1'],
  chain: [hop('CrossAccountTest', ['issue-1'], '2025-03-11T09:00:00Z')],
  origin: jsmith,
  mechanism: 'assume-role',
  kind: 'user',
  named: 'jsmith',
  masked: false,
  flags: [],
  uses: ['use-1'],
  used: true,
  creationKnown: true,
  began: '2025-03-11T09:00:00Z',
  ...more,
});

export const unlinked = (more: Partial<SessionAnswer> = {}): SessionAnswer =>
  answer({
    session: 'ASIATWO.00000000',
    credential: 'ASIATWO',
    accessKeyId: 'ASIATWO',
    status: 'unlinked',
    reason: 'no issuance of this credential to this principal was seen',
    issuedAt: null,
    expiresAt: null,
    issuerEventIDs: [],
    chain: [],
    origin: null,
    mechanism: null,
    kind: null,
    named: null,
    ...more,
  });

/** A product provider in the session of who approved its access. */
export const delivered: SessionAnswer = unlinked({
  status: 'delivered',
  reason: 'made by the product provider',
  origin: {
    ...jsmith,
    type: 'DelegatedProvider',
    arn: null,
    principalId: null,
    accountId: '333333333333',
    userName: null,
  },
  approver: {
    ...jsmith,
    type: 'AssumedRole',
    arn: 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/test',
    accountId: '999999999999',
    userName: null,
  },
  mechanism: 'delegation',
  kind: 'delegated-provider',
  began: '2025-03-11T09:00:00Z',
});
