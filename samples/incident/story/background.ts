import { byService } from '../../building/identity.ts';
import { type Actor, type CloudTrailRecord, call, type Json } from '../../building/record.ts';
import { at, byDeployBot, byHelpdesk, production } from './cast.ts';
import { iam, onBucket, onObject } from './targets.ts';

/** What a trail is full of: records that have nothing to do with audited roles. All are dropped. */

/** CloudTrail itself looks at the bucket before it delivers: `AWSService`, no arn. */
export function bucketCheck(time: string): CloudTrailRecord {
  return call(
    `trail looks at its bucket ${time}`,
    at(time),
    byService('cloudtrail.amazonaws.com'),
    's3',
    'GetBucketAcl',
    {
      ...onBucket('cloudtrailbucket', { acl: '' }),
      host: false,
    },
  );
}

/** A user at work: no role, no temporary credentials. */
export function userCalls(hour: string): CloudTrailRecord[] {
  const step = (actor: Actor, time: string, service: string, event: string, options = {}) =>
    call(`daily work: ${event} ${hour}:${time}`, at(`${hour}:${time}`), actor, service, event, options);
  return [
    step(byDeployBot, '01:10', 'ec2', 'DescribeSubnets', { request: { filterSet: {}, subnetSet: {} } }),
    step(byDeployBot, '01:14', 'iam', 'GetRole', iam({ roleName: 'CrossAccountTest' })),
    step(byHelpdesk, '02:31', 'iam', 'ListUsers', iam()),
    step(byDeployBot, '03:00', 's3', 'PutObject', onObject('harbour-web', `release-${hour}.zip`)),
  ];
}

/** KMS rotates a key by itself: a service event, whose `userIdentity` has neither type nor arn. */
export const keyRotation = serviceEvent('key rotation', '02:01:00', 'kms', 'RotateKey');
export const channelCreated = serviceEvent(
  'channel created',
  '14:20:00',
  'cloudtrail',
  'CreateServiceLinkedChannel',
);

function serviceEvent(name: string, time: string, service: string, eventName: string): CloudTrailRecord {
  const identity: Json = { accountId: production, invokedBy: 'AWS Internal' };
  const actor: Actor = { identity, ip: 'AWS Internal', agent: 'AWS Internal' };
  const record = call(name, at(time), actor, service, eventName, { host: false });
  return { ...record, readOnly: false, eventType: 'AwsServiceEvent', serviceEventDetails: {} };
}

/** Somebody without credentials reads a public object: an account that is not a number. */
export const anonymousRead = call(
  'anonymous reads a public object',
  at('13:05:00'),
  {
    identity: { type: 'AWSAccount', principalId: '', accountId: 'anonymous' },
    ip: '203.0.113.9',
    agent: 'curl/8.12.1',
  },
  's3',
  'GetObject',
  onObject('harbour-web', 'logo.png'),
);

/** A console sign-in is an event of its own kind, with an ARN and no credentials. */
export const consoleLogin: CloudTrailRecord = {
  ...call('helpdesk signs in', at('14:10:58'), byHelpdesk, 'signin', 'ConsoleLogin', {
    response: { ConsoleLogin: 'Success' },
  }),
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLEHELPDESK01',
    accountId: production,
    arn: `arn:aws:iam::${production}:user/helpdesk`,
    userName: 'helpdesk',
  },
  eventType: 'AwsConsoleSignIn',
};
