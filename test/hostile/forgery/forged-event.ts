import fc from 'fast-check';
import type { AuditEvent } from '../../../core/records/event.ts';

/** A partner that is not a party to anything in the stories, and one whose users and roles are in them. */
export const stranger = '444455556666';
export const insider = '111111111111';

interface Known {
  eventIDs: string[];
  shared: string[];
  keys: string[];
  arns: string[];
  principals: string[];
  times: string[];
}

/** All that our own trail and the other partners have said: the adversary knows it. */
function knownOf(events: readonly AuditEvent[]): Known {
  const all = events.flatMap(event => [event, ...(event.issuance ? [event.issuance] : [])]);
  const distinct = (list: (string | null | undefined)[]) => [...new Set(list.filter(each => each != null))];
  const issued = events.flatMap(({ issuance }) => issuance ?? []);
  return {
    eventIDs: distinct(all.map(each => each.eventID)),
    shared: distinct(all.map(each => each.sharedEventID)),
    keys: distinct([...all.map(each => each.caller.accessKeyId), ...issued.map(each => each.accessKeyId)]),
    arns: distinct([
      ...all.map(each => each.caller.arn),
      ...issued.flatMap(each => [each.arn, each.roleArn]),
    ]),
    principals: distinct([
      ...all.map(each => each.caller.principalId),
      ...issued.map(each => each.principalId),
    ]),
    times: distinct(all.map(each => each.eventTime)),
  };
}

/** What an event of the story says of a session: what a forgery of it has to hit, all at once. */
interface Target {
  eventID: string;
  sharedEventID: string | null;
  eventTime: string;
  key: string | null;
  arn: string | null;
  principal: string | null;
  roleArn: string | null;
  askedBy: { arn: string | null; principal: string | null; key: string | null };
}

function targetOf({ issuance, caller, ...event }: AuditEvent): Target {
  const askedBy = { arn: caller.arn, principal: caller.principalId, key: caller.accessKeyId };
  const { eventID, sharedEventID, eventTime } = event;
  if (issuance) {
    const { accessKeyId, arn, principalId, roleArn } = issuance;
    return {
      eventID,
      sharedEventID: issuance.sharedEventID,
      eventTime,
      key: accessKeyId,
      arn,
      principal: principalId,
      roleArn,
      askedBy,
    };
  }
  const roleArn = caller.session?.issuer?.arn ?? null;
  const created = caller.session?.creationDate ?? eventTime;
  return {
    eventID,
    sharedEventID,
    eventTime: created,
    key: askedBy.key,
    arn: askedBy.arn,
    principal: askedBy.principal,
    roleArn,
    askedBy,
  };
}

/** Mostly what the target says, else something that is known, or the adversary's own. */
const like = (said: string | null, known: string[], ...own: string[]) =>
  said === null
    ? fc.constantFrom(...known, ...own)
    : fc.oneof(
        { weight: 4, arbitrary: fc.constant(said) },
        { weight: 1, arbitrary: fc.constantFrom(...known, ...own) },
      );

/** One event of the adversary's: any field says what is known, mostly of one session, or something of its own. */
export function forgedBy(account: string, events: readonly AuditEvent[]) {
  const known = knownOf(events);
  return fc.constantFrom(...events.map(targetOf)).chain(target => forgedFrom(account, known, target));
}

function forgedFrom(account: string, known: Known, target: Target) {
  const own = [`arn:aws:iam::${account}:user/ceo`, `arn:aws:sts::${account}:assumed-role/Forged/f`];
  const key = ['ASIAFORGED0000000001', 'AKIAFORGED0000000001'];
  const principal = ['AIDAFORGED', 'AROAFORGED:f'];
  const ofOwn = (said: string | null) => (said?.includes(`::${account}:`) ? said : null);
  return fc.record({
    eventID: like(target.eventID, known.eventIDs, 'forged-1', 'forged-2'),
    eventName: fc.oneof(
      { weight: 4, arbitrary: fc.constant('AssumeRole') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'AssumeRoleWithSAML',
          'GetSessionToken',
          'SwitchRole',
          'ConsoleLogin',
          'AssumeRoot',
          'GetObject',
        ),
      },
    ),
    eventSource: fc.oneof(
      { weight: 6, arbitrary: fc.constant('sts.amazonaws.com') },
      { weight: 1, arbitrary: fc.constantFrom('signin.amazonaws.com', 's3.amazonaws.com') },
    ),
    eventTime: like(target.eventTime, known.times),
    sharedEventID: fc.option(like(target.sharedEventID, known.shared, 'forged-shared'), {
      nil: undefined,
      freq: 3,
    }),
    errorCode: fc.option(fc.constantFrom('AccessDenied', 'ExpiredToken'), { nil: undefined, freq: 12 }),
    userIdentity: fc.record({
      type: fc.constantFrom('IAMUser', 'AssumedRole'),
      arn: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(ofOwn(target.askedBy.arn) ?? own[0], ...own) },
        { weight: 1, arbitrary: fc.constantFrom(undefined, ...known.arns) },
      ),
      principalId: like(target.askedBy.principal, known.principals, ...principal),
      accountId: fc.oneof(
        { weight: 6, arbitrary: fc.constant(account) },
        { weight: 1, arbitrary: fc.constantFrom('999999999999', insider) },
      ),
      accessKeyId: fc.option(like(target.askedBy.key, known.keys, ...key), { nil: undefined }),
      userName: fc.constantFrom('ceo', 'jsmith'),
      invokedBy: fc.option(fc.constant('lambda.amazonaws.com'), { nil: undefined, freq: 8 }),
      onBehalfOf: fc.option(fc.constant({ userId: '00000000-0000-0000-0000-000000000000' }), {
        nil: undefined,
        freq: 8,
      }),
      sessionContext: fc.option(
        fc.record({
          sessionIssuer: fc.record({
            arn: fc.constantFrom(...known.arns, ...own),
            principalId: fc.constantFrom(...known.principals, ...principal),
            type: fc.constant('Role'),
          }),
          attributes: fc.record({ creationDate: fc.constantFrom(...known.times) }),
        }),
        { nil: undefined },
      ),
    }),
    requestParameters: fc.record({
      roleArn: like(target.roleArn, known.arns, `arn:aws:iam::${account}:role/Forged`),
      roleSessionName: fc.constantFrom('s0', 'f'),
      sourceIdentity: fc.option(fc.constant('ceo'), { nil: undefined }),
    }),
    responseElements: fc.record({
      credentials: fc.record({
        accessKeyId: like(target.key, known.keys, ...key),
        expiration: fc.constantFrom('2025-06-02T23:00:00Z', '2025-06-02T10:00:01Z'),
      }),
      assumedRoleUser: fc.record({
        arn: like(target.arn, known.arns, ...own),
        assumedRoleId: like(target.principal, known.principals, ...principal),
      }),
    }),
    recipientAccountId: fc.constant(account),
  });
}
