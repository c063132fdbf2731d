import { type LogFile, logFile } from '../../building/log-file.ts';
import {
  anonymousRead,
  bucketCheck,
  channelCreated,
  consoleLogin,
  keyRotation,
  userCalls,
} from './background.ts';
import { production } from './cast.ts';
import { ledgerCalls, persistenceCalls, snapshotCalls } from './intrusion.ts';
import {
  exportCalls,
  instanceAssumes,
  instanceCalls,
  instanceHop,
  lambdaAssumes,
  reportCalls,
} from './night.ts';
import {
  aliceCalls,
  aliceOwnersCopy,
  onCallCalls,
  onCallOwnersCopy,
  ticketCalls,
  ticketOwnersCopy,
  unusedOwnersCopy,
} from './partners.ts';
import {
  agentCall,
  auditorAssumes,
  auditorCalls,
  auditorGetsCredentials,
  consoleCalls,
  consoleSwitch,
  providerCall,
} from './people.ts';
import { runAssumes, runCalls } from './pipeline.ts';
import {
  decoyCalls,
  decoyIssued,
  mreyesOwnersCopy,
  reconCalls,
  reconDenied,
  reconIreland,
  secondHop,
} from './reconnaissance.ts';
import {
  helpdeskDenied,
  helpdeskDeniedElsewhere,
  impossibleCall,
  unexplainedCalls,
  unexplainedDenied,
  unexplainedIreland,
} from './unexplained.ts';

const file = (region: string, time: string, records: LogFile['records']) =>
  logFile(production, region, `2025-03-11T${time}Z`, records);

const [, reconBuckets, , , , , , , reconKeys] = reconCalls;
if (!reconBuckets || !reconKeys) throw new Error('the reconnaissance has fewer calls than the story repeats');

/** The log files of the production trail, as they arrived. Within one file CloudTrail keeps no order either. */
export const night = file('us-east-1', '02:05', [
  bucketCheck('02:04:50'),
  ...exportCalls,
  lambdaAssumes,
  keyRotation,
]);
export const report = file('us-east-1', '03:35', [
  instanceAssumes,
  ...instanceCalls,
  ...reportCalls,
  instanceHop,
  bucketCheck('03:34:50'),
]);
const ticket = file('eu-west-1', '08:05', [ticketOwnersCopy, ...ticketCalls]);
const morning = file('us-east-1', '08:35', [...userCalls('08'), ...aliceCalls, aliceOwnersCopy]);
/** What the intruder did, before any file says who the intruder is: its AssumeRole arrives 20 minutes later. */
export const firstSight = file('us-east-1', '09:25', [
  ...ledgerCalls.toReversed(),
  ...reconCalls,
  ...decoyCalls,
]);
const ireland = file('eu-west-1', '09:30', [...snapshotCalls, ...reconIreland, ticketOwnersCopy]);
const persistence = file('us-east-1', '09:30', [...persistenceCalls, ...userCalls('09')]);
const late = file('us-east-1', '09:45', [
  secondHop,
  reconDenied,
  mreyesOwnersCopy,
  decoyIssued,
  reconBuckets,
  reconKeys,
]);
const audit = file('us-east-1', '10:30', [
  ...auditorCalls,
  agentCall,
  providerCall,
  auditorAssumes,
  auditorGetsCredentials,
  bucketCheck('10:29:50'),
]);
const console = file('us-east-1', '11:50', [
  consoleSwitch,
  ...runCalls,
  ...consoleCalls,
  runAssumes,
  bucketCheck('11:49:50'),
]);
export const onCall = file('us-east-1', '13:10', [
  anonymousRead,
  ...onCallCalls,
  onCallOwnersCopy,
  unusedOwnersCopy,
]);
const unexplainedInIreland = file('eu-west-1', '14:15', unexplainedIreland);
const unexplained = file('us-east-1', '14:15', [
  ...unexplainedCalls,
  unexplainedDenied,
  consoleLogin,
  helpdeskDenied,
  helpdeskDeniedElsewhere,
]);
const nothingOfInterest = file('us-east-1', '14:30', [
  ...userCalls('14'),
  channelCreated,
  bucketCheck('14:29:50'),
]);
const impossible = file('us-east-1', '15:35', [impossibleCall, bucketCheck('15:34:50')]);

export const logFiles: LogFile[] = [
  night,
  report,
  ticket,
  morning,
  firstSight,
  ireland,
  persistence,
  late,
  audit,
  console,
  onCall,
  unexplainedInIreland,
  unexplained,
  nothingOfInterest,
  impossible,
];
