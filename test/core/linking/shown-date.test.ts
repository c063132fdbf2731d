import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { answered } from './answered.ts';

/**
 * Calls show their session's creation date: in 3 of 215 calls of six real sets one second later than the issuance of their very
 * key. Other keys of that session show the same date, and belong to it by that date.
 */

const account = '111122223333';
const roles = new AuditedRoles(['*']);
const role = { arn: `arn:aws:sts::${account}:assumed-role/Ops/s`, principalId: 'AROAEXAMPLEOPS:s' };
const second = (n: number) => `2026-09-03T10:00:${String(n).padStart(2, '0')}Z`;

function event(eventID: string, fields: object) {
  const record = { eventID, awsRegion: 'us-east-1', recipientAccountId: account, ...fields };
  return normalize(record, { source: 'x', provenance: 'trail', account }, roles);
}

const issuance = (user: string, at: number, caller: object = {}) =>
  event(`issue-${user}`, {
    eventTime: second(at),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::${account}:user/${user}`,
      accountId: account,
      userName: user,
      ...caller,
    },
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/Ops`, roleSessionName: 's' },
    responseElements: {
      credentials: { accessKeyId: `ASIAISSUEDTO${user}`, expiration: 'Sep 3, 2026, 11:00:00 AM' },
      assumedRoleUser: { arn: role.arn, assumedRoleId: role.principalId },
    },
  });

const call = (eventID: string, accessKeyId: string, created: number, more: object = {}) =>
  event(eventID, {
    eventTime: '2026-09-03T10:05:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    userIdentity: {
      type: 'AssumedRole',
      ...role,
      accountId: account,
      accessKeyId,
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/Ops`, accountId: account },
        attributes: { creationDate: second(created) },
      },
      ...more,
    },
  });

const byService = { invokedBy: 'cloudformation.amazonaws.com' };
const keyOf = (user: string) => `ASIAISSUEDTO${user}`;

/** Every order of the events: the last to come may be the call that shows the date, the issuance, or the key that nobody issued. */
function orders<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((one, at) => orders(all.filter((_, other) => other !== at)).map(rest => [one, ...rest]));
}

async function answerTo(events: ReturnType<typeof event>[], eventID = 'asked') {
  const found = [];
  for (const order of orders(events)) {
    const { calls } = await answered(order);
    found.push(calls.find(each => each.eventID === eventID));
  }
  const [first] = found;
  for (const each of found) expect(each).toEqual(first);
  return first;
}

test('of two in one second the one is out whose calls show the second after', async () => {
  const events = [issuance('ana', 0), issuance('ben', 0), call('shows', keyOf('ana'), 1)];
  const asked = call('asked', 'ASIAFRESHKEY', 0, byService);
  expect(await answerTo([...events, asked])).toMatchObject({ status: 'linked', origin: { userName: 'ben' } });
});

test('one whose calls show the second after stands beside one that was issued then: nobody is named', async () => {
  const events = [issuance('ana', 0), issuance('ben', 1), call('shows', keyOf('ana'), 1)];
  const asked = call('asked', 'ASIAFRESHKEY', 1, byService);
  expect(await answerTo([...events, asked])).toMatchObject({ status: 'ambiguous', origin: null });
});

test('where no call shows another date, the second of the issuance counts first', async () => {
  const asked = call('asked', 'ASIAFRESHKEY', 1, byService);
  expect(await answerTo([issuance('ana', 0), issuance('ben', 1), asked])).toMatchObject({
    status: 'linked',
    origin: { userName: 'ben' },
  });
});

test('a call of another principal under the key shows nothing of the session', async () => {
  const other = {
    arn: `arn:aws:sts::${account}:assumed-role/Ops/other`,
    principalId: 'AROAEXAMPLEOPS:other',
  };
  const events = [issuance('ana', 0), call('shows', keyOf('ana'), 1, other)];
  const asked = call('asked', 'ASIAFRESHKEY', 0, byService);
  expect(await answerTo([...events, asked])).toMatchObject({ status: 'linked', origin: { userName: 'ana' } });
});

test('what is behind the issuance is found by the date that is shown, whenever it comes', async () => {
  const before = event('issue-first', {
    eventTime: '2026-09-03T09:30:00Z',
    eventSource: 'sts.amazonaws.com',
    eventName: 'GetSessionToken',
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::${account}:user/cy`,
      principalId: 'AIDACY',
      accountId: account,
      userName: 'cy',
    },
    responseElements: {
      credentials: { accessKeyId: 'ASIATOKENOFCY', expiration: 'Sep 3, 2026, 9:30:00 PM' },
    },
  });
  const token = {
    arn: `arn:aws:iam::${account}:user/cy`,
    principalId: 'AIDACY',
    accessKeyId: 'ASIATOKENOFCY',
    userName: 'cy',
    type: 'AssumedRole',
  };
  const signIn = event('token', {
    eventTime: '2026-09-03T10:01:00Z',
    eventSource: 'signin.amazonaws.com',
    eventName: 'CreateOAuth2Token',
    userIdentity: {
      type: 'AssumedRole',
      ...role,
      accountId: account,
      sessionContext: { attributes: { creationDate: second(1) } },
    },
    additionalEventData: { success: 'true' },
  });
  const events = [before, issuance('cy', 0, token), call('shows', keyOf('cy'), 1), signIn];
  expect(await answerTo([...events, call('asked', 'ASIAFRESHKEY', 1)])).toMatchObject({
    status: 'linked',
    depth: 2,
  });
});
