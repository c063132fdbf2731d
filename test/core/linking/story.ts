import fc from 'fast-check';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { normalized } from './logged.ts';

/** A session in a generated story: who asked for it, in which account its role lies, what the logs have of it. */
interface Plan {
  /** index of the session it was asked with, or null for a user */
  parent: number | null;
  account: number;
  /** copies of the issuance that were delivered: the role owner's (our trail), the caller's (partner's word) */
  owners: boolean;
  callers: boolean;
  calls: Kind[];
}

/**
 * How a call of it is logged: in one record; refused because the credential had expired; as a transfer that ends hours after
 * the credential; with an addendum that shows a later time; or in the account that it reached into, too.
 */
type Kind = 'plain' | 'refused' | 'transfer' | 'amended' | 'copied';
const kinds: Kind[] = ['plain', 'refused', 'transfer', 'amended', 'copied'];

export interface Truth {
  eventID: string;
  linked: boolean;
  /** the eventIDs of each hop, the credential's own first */
  chain: string[][];
  /** ARN of the origin, or its principal id where no copy names it */
  origin: string | null;
}

export interface Story {
  events: AuditEvent[];
  truth: Truth[];
  /** of each record that is another's copy or addendum, the eventID of that */
  copies: Record<string, string>;
}

const accounts = ['999999999999', '111111111111', '222233334444'];
const roles = new AuditedRoles(['*']);
const begin = Date.UTC(2025, 5, 2, 10);

const plan = (index: number): fc.Arbitrary<Plan> =>
  fc.record({
    parent: index === 0 ? fc.constant(null) : fc.option(fc.nat(index - 1), { nil: null }),
    account: fc.nat(accounts.length - 1),
    owners: fc.boolean(),
    callers: fc.boolean(),
    calls: fc.array(fc.constantFrom(...kinds), { maxLength: 2 }),
  });

/** Stories of up to five sessions with their truth, which is read from the plan and not from any linking. */
export const story: fc.Arbitrary<Story> = fc
  .integer({ min: 1, max: 5 })
  .chain(count => fc.tuple(...Array.from({ length: count }, (_, index) => plan(index))))
  .map(plans => tell(plans as Plan[]))
  .filter(({ events }) => events.length > 0);

const time = (seconds: number) => new Date(begin + seconds * 1000).toISOString().replace('.000', '');
const key = (n: number) => `ASIASTORY${String(n).padStart(11, '0')}`;
const accountOf = (n: number) => accounts[n] as string;
const issuedAt = (n: number) => 100 * (n + 1);
const roleArn = ({ account }: Plan, n: number) => `arn:aws:iam::${accountOf(account)}:role/Role${n}`;
const sessionArn = ({ account }: Plan, n: number) =>
  `arn:aws:sts::${accountOf(account)}:assumed-role/Role${n}/s${n}`;
const user = (n: number) => `arn:aws:iam::111111111111:user/user${n}`;

function tell(plans: Plan[]): Story {
  const events: AuditEvent[] = [];
  const truth: Truth[] = [];
  const copies: Record<string, string> = {};
  for (const [n, each] of plans.entries()) {
    events.push(...issuance(plans, n));
    for (const [call, kind] of each.calls.entries()) {
      const records = callOf(each, n, `call-${n}-${call}`, kind);
      events.push(...records);
      for (const { eventID } of records) {
        truth.push(truthOf(plans, n, eventID));
        if (eventID !== `call-${n}-${call}`) copies[eventID] = `call-${n}-${call}`;
      }
    }
  }
  // An issuance made with a temporary credential, as our own trail has it from its caller's account, is a call of its own.
  for (const [n, { parent }] of plans.entries()) {
    const names = issuingCopies(plans, n).filter(copy => copy.key && copy.provenance === 'trail');
    if (parent !== null) truth.push(...names.map(copy => truthOf(plans, parent, copy.eventID)));
  }
  return { events, truth, copies };
}

/** The copies of an issuance that were delivered. Only the caller's account logs the caller's name and key. */
function issuingCopies(
  plans: Plan[],
  n: number,
): { eventID: string; provenance: 'trail' | 'partner'; key: boolean; account: string }[] {
  const { parent, account, owners, callers } = plans[n] as Plan;
  const from = parent === null ? '111111111111' : accountOf((plans[parent] as Plan).account);
  const owner = accountOf(account);
  if (from === owner)
    return owners || callers
      ? [{ eventID: `issue-${n}`, provenance: 'trail', key: true, account: owner }]
      : [];
  return [
    ...(owners ? [{ eventID: `owner-${n}`, provenance: 'trail' as const, key: false, account: owner }] : []),
    ...(callers
      ? [{ eventID: `caller-${n}`, provenance: 'partner' as const, key: true, account: from }]
      : []),
  ];
}

function issuance(plans: Plan[], n: number): AuditEvent[] {
  const each = plans[n] as Plan;
  return issuingCopies(plans, n).map(copy =>
    event(
      {
        eventID: copy.eventID,
        eventName: 'AssumeRole',
        eventSource: 'sts.amazonaws.com',
        eventTime: time(issuedAt(n)),
        recipientAccountId: copy.account,
        sharedEventID: `shared-${n}`,
        userIdentity: copy.key ? fullCaller(plans, n) : bareCaller(plans, n),
        requestParameters: { roleArn: roleArn(each, n), roleSessionName: `s${n}` },
        responseElements: {
          credentials: { accessKeyId: key(n), expiration: time(issuedAt(n) + 3600) },
          assumedRoleUser: { assumedRoleId: `AROA${n}:s${n}`, arn: sessionArn(each, n) },
        },
      },
      copy.provenance,
      copy.account,
    ),
  );
}

function fullCaller(plans: Plan[], n: number) {
  const { parent } = plans[n] as Plan;
  if (parent === null) {
    return {
      type: 'IAMUser',
      arn: user(n),
      principalId: `AIDA${n}`,
      accountId: '111111111111',
      accessKeyId: `AKIA${n}`,
      userName: `user${n}`,
    };
  }
  return sessionIdentity(plans[parent] as Plan, parent);
}

function bareCaller(plans: Plan[], n: number) {
  const { principalId, accountId } = fullCaller(plans, n);
  return { type: 'AWSAccount', principalId, accountId };
}

function sessionIdentity(each: Plan, n: number) {
  return {
    type: 'AssumedRole',
    arn: sessionArn(each, n),
    principalId: `AROA${n}:s${n}`,
    accountId: accountOf(each.account),
    accessKeyId: key(n),
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: roleArn(each, n), principalId: `AROA${n}` },
      attributes: { creationDate: time(issuedAt(n)), mfaAuthenticated: 'false' },
    },
  };
}

function callOf(each: Plan, n: number, eventID: string, kind: Kind): AuditEvent[] {
  const record = {
    eventID,
    eventName: 'ListBuckets',
    eventSource: 's3.amazonaws.com',
    eventTime: time(issuedAt(n) + 10),
    recipientAccountId: accountOf(each.account),
    userIdentity: sessionIdentity(each, n),
  };
  const sharedEventID = `shared-${eventID}`;
  const elsewhere = accountOf((each.account + 1) % accounts.length);
  const records: Record<Kind, object[]> = {
    plain: [{}],
    refused: [{ errorCode: 'ExpiredToken', eventTime: time(issuedAt(n) + 7200) }],
    transfer: [{ eventName: 'GetObject', eventTime: time(issuedAt(n) + 7200) }],
    amended: [
      {},
      {
        eventID: `more-${eventID}`,
        eventTime: time(issuedAt(n) + 7200),
        addendum: { originalEventID: eventID },
      },
    ],
    copied: [{ sharedEventID }, { sharedEventID, eventID: `copy-${eventID}`, recipientAccountId: elsewhere }],
  };
  return records[kind].map(change => event({ ...record, ...change }, 'trail', null));
}

function event(
  record: Record<string, unknown>,
  provenance: 'trail' | 'partner',
  account: string | null,
): AuditEvent {
  return normalized(record, { source: 'story', provenance, account }, roles);
}

function truthOf(plans: Plan[], session: number, eventID: string): Truth {
  const chain: string[][] = [];
  let origin: string | null = null;
  for (let n: number | null = session; n !== null; ) {
    const known = issuingCopies(plans, n);
    // A partner lends a name to what our own trail has; by itself it proves nothing.
    if (!known.some(copy => copy.provenance === 'trail')) break;
    chain.push(known.map(copy => copy.eventID).sort());
    const named = known.some(copy => copy.key);
    const caller = fullCaller(plans, n);
    origin = named ? caller.arn : caller.principalId;
    // Where no copy shows the caller's key, the chain cannot go on.
    n = named ? (plans[n] as Plan).parent : null;
  }
  return { eventID, linked: chain.length > 0, chain, origin };
}
