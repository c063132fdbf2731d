import { type CloudTrailRecord, call } from '../../building/record.ts';
import { assumeRole } from '../../building/sts.ts';
import {
  aliceSession,
  at,
  byAlice,
  byAliceAtHome,
  byKmiller,
  byOnCall,
  byTicket,
  development,
  foreign,
  msp,
  onCallSession,
  ticketSession,
  unusedSession,
} from './cast.ts';
import { onBucket, onObject } from './targets.ts';

/** 07:55 to 13:10: the third party's operators and a developer at their daily work. */

const externalId = 'msp-7731-harbour';
const ticket = {
  session: ticketSession,
  externalId,
  sharedEventID: '5d7c1f0e-0b0a-4b5e-8a43-6f1d2e3c4b03',
  region: 'eu-west-1',
};
export const ticketOwnersCopy = assumeRole({
  ...ticket,
  name: 'MspOperations for ticket-48213, our copy',
  caller: foreign.kmiller,
});
export const ticketPartnersCopy = assumeRole({
  ...ticket,
  name: "MspOperations for ticket-48213, the MSP's copy",
  caller: byKmiller,
  recipient: msp,
});

const instance = { instancesSet: { items: [{ instanceId: 'i-0123456789abcdef0' }] } };
const inIreland = (request: Record<string, unknown>) => ({ region: 'eu-west-1', request });
export const ticketCalls: CloudTrailRecord[] = [
  call('ticket: who am I', at('07:55:10'), byTicket, 'sts', 'GetCallerIdentity', { region: 'eu-west-1' }),
  call(
    'ticket: instances',
    at('07:55:31'),
    byTicket,
    'ec2',
    'DescribeInstances',
    inIreland({ ...instance, filterSet: {} }),
  ),
  call('ticket: stop', at('07:56:02'), byTicket, 'ec2', 'StopInstances', inIreland(instance)),
  call('ticket: snapshot', at('07:58:47'), byTicket, 'ec2', 'CreateSnapshot', {
    ...inIreland({ volumeId: 'vol-0123456789abcdef0', description: 'before ticket-48213' }),
    response: { snapshotId: 'snap-0123456789abcdef0', status: 'pending' },
  }),
  call('ticket: start', at('08:02:15'), byTicket, 'ec2', 'StartInstances', inIreland(instance)),
];

// The MSP's events of these two were lost on their way: our copy is all there is, an id without a name.
export const onCallOwnersCopy = assumeRole({
  name: 'MspOperations for ticket-48230, our copy',
  caller: foreign.onCall,
  session: onCallSession,
  externalId,
  sharedEventID: '5d7c1f0e-0b0a-4b5e-8a43-6f1d2e3c4b04',
});
export const unusedOwnersCopy = assumeRole({
  name: 'MspOperations for ticket-48250, our copy',
  caller: foreign.onCall,
  session: unusedSession,
  externalId,
  sharedEventID: '5d7c1f0e-0b0a-4b5e-8a43-6f1d2e3c4b05',
});
export const onCallCalls: CloudTrailRecord[] = [
  call('on call: alarms', at('13:02:40'), byOnCall, 'monitoring', 'DescribeAlarms', {
    request: { stateValue: 'ALARM' },
  }),
  call('on call: instance status', at('13:03:05'), byOnCall, 'ec2', 'DescribeInstanceStatus', {
    request: instance,
  }),
  call('on call: reboot', at('13:04:22'), byOnCall, 'ec2', 'RebootInstances', { request: instance }),
];

const alice = {
  session: aliceSession,
  externalId: '3414',
  sharedEventID: '5d7c1f0e-0b0a-4b5e-8a43-6f1d2e3c4b06',
  host: 'sts.amazonaws.com',
};
export const aliceOwnersCopy = assumeRole({
  ...alice,
  name: 'CrossAccountTest for alice, our copy',
  caller: foreign.alice,
});
/** Made with a role session of the development account, whose own issuance these logs do not hold: the chain stays open. */
export const alicePartnersCopy = assumeRole({
  ...alice,
  name: "CrossAccountTest for alice, development's copy",
  caller: byAliceAtHome,
  recipient: development,
});
export const aliceCalls: CloudTrailRecord[] = [
  call(
    'alice: state',
    at('08:30:16'),
    byAlice,
    's3',
    'GetObject',
    onObject('harbour-terraform', 'network.tfstate'),
  ),
  call('alice: buckets', at('08:30:17'), byAlice, 's3', 'ListBuckets', {
    request: { Host: 's3.amazonaws.com' },
    host: 's3.amazonaws.com',
  }),
  call(
    'alice: bucket policy',
    at('08:30:19'),
    byAlice,
    's3',
    'GetBucketPolicy',
    onBucket('harbour-web', { policy: '' }),
  ),
  call('alice: distributions', at('08:30:22'), byAlice, 'cloudfront', 'ListDistributions', {
    host: 'cloudfront.amazonaws.com',
  }),
];
