import { execFileSync } from 'node:child_process';
import { type ExportedRecord, ocsfEvent } from '../../../../cli/exports/ocsf/event.ts';
import { exportedRecords } from '../../../../cli/exports/ocsf/export.ts';
import { AuditedRoles } from '../../../../core/identities/roles.ts';
import { correlate } from '../../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../../core/linking/memory-store.ts';
import { normalize } from '../../../../core/reading/normalize.ts';
import type { Evidence } from '../../../../core/records/evidence.ts';
import type { Json } from '../../../../core/records/read.ts';
import { auditedRoles, deliveries, isKept, load, type TrailRecord } from '../../../samples/support.ts';
import { answer, delivered, hop } from '../../fixtures.ts';
import { memoryStore } from '../../queries/memory-store.ts';
import { problemsOf } from './conforms.ts';

const evidenceOf = (record: Json, more: Partial<Evidence> = {}): Evidence => ({
  eventID: String(record.eventID),
  recipientAccountId: '999999999999',
  provenance: 'trail',
  source: 's3://trail/one',
  execution: 'x',
  digest: 'd'.repeat(64),
  record: JSON.stringify(record),
  ...more,
});
const told = (record: Json, more: Partial<ExportedRecord> = {}): ExportedRecord => ({
  evidence: evidenceOf(record),
  answer: answer(),
  part: 'call',
  status: 'linked',
  reason: null,
  ...more,
});
const role = 'arn:aws:iam::999999999999:role/CrossAccountTest';
const session = 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/one';
const call = {
  eventVersion: '1.11',
  eventID: 'e-1',
  eventTime: '2025-03-11T09:00:00Z',
  eventType: 'AwsApiCall',
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.1',
  userAgent: 'aws-cli',
  requestID: 'r-1',
  userIdentity: {
    type: 'AssumedRole',
    arn: session,
    principalId: 'AROAEXAMPLE:one',
    accountId: '999999999999',
    accessKeyId: 'ASIAONE',
    sessionContext: { attributes: { mfaAuthenticated: 'true' } },
  },
};
const user = {
  type: 'IAMUser',
  arn: 'arn:aws:iam::111111111111:user/jsmith',
  principalId: 'AIDAEXAMPLE',
  accountId: '111111111111',
  userName: 'jsmith',
};

describe('a record as an OCSF event', () => {
  test('an API call keeps the principal that AWS shows; who is behind it is an enrichment', () => {
    const event = ocsfEvent(told(call));
    expect(problemsOf(event)).toEqual([]);
    expect(event).toMatchObject({
      class_uid: 6003,
      type_uid: 600302,
      activity_name: 'Read',
      time: Date.UTC(2025, 2, 11, 9),
      status_id: 1,
      cloud: { provider: 'AWS', region: 'us-east-1', account: { uid: '999999999999' } },
      api: { operation: 'ListBuckets', service: { name: 's3.amazonaws.com' }, request: { uid: 'r-1' } },
      src_endpoint: { ip: '198.51.100.1' },
      actor: {
        user: {
          uid: session,
          uid_alt: 'AROAEXAMPLE:one',
          programmatic_credentials: [{ uid: 'ASIAONE', type: 'Access Key' }],
        },
        session: { uid: 'ASIAONE.00000000', is_mfa: true },
      },
      enrichments: [
        {
          name: 'actor.user',
          value: user.arn,
          provider: 'roletrail',
          data: { status: 'linked', origin: { userName: 'jsmith' }, chain: [{ eventIDs: ['issue-1'] }] },
        },
      ],
    });
  });

  test('an issuance is a logon of the role session that it made', () => {
    const record = {
      ...call,
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      userIdentity: user,
      requestParameters: { roleArn: role, serialNumber: 'arn:aws:iam::111111111111:mfa/jsmith' },
      responseElements: { assumedRoleUser: { arn: session, assumedRoleId: 'AROAEXAMPLE:one' } },
    };
    const event = ocsfEvent(told(record, { part: 'issuance' }));
    expect(problemsOf(event)).toEqual([]);
    expect(event).toMatchObject({
      class_uid: 3002,
      type_uid: 300201,
      is_mfa: true,
      user: { uid: session, uid_alt: 'AROAEXAMPLE:one' },
      actor: { user: { uid: user.arn, type_id: 1 } },
      service: { name: 'sts.amazonaws.com' },
    });
    expect(event.actor).not.toHaveProperty('session');
  });

  test.each([
    ['AttachRolePolicy', { roleName: 'Admin', policyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' }, 300107],
    ['CreateUser', { userName: 'backdoor' }, 300101],
    ['CreateAccessKey', { userName: 'backdoor' }, 300199],
    ['DeactivateMFADevice', { userName: 'jsmith' }, 300111],
    ['ChangePassword', null, 300103],
    ['ListRoles', null, 600302],
  ])('%s on IAM is of type %3$s', (eventName, requestParameters, type) => {
    const event = ocsfEvent(
      told({ ...call, eventSource: 'iam.amazonaws.com', eventName, requestParameters }),
    );
    expect(problemsOf(event)).toEqual([]);
    expect(event.type_uid).toBe(type);
    const name =
      requestParameters && ('userName' in requestParameters ? requestParameters.userName : 'Admin');
    if (name) expect(event.user).toMatchObject({ name });
  });

  const managed = 'arn:aws:iam::aws:policy/AdministratorAccess';
  test.each([
    [
      'AttachUserPolicy',
      { userName: 'jsmith', policyArn: managed },
      { uid: managed, name: 'AdministratorAccess' },
    ],
    [
      'DetachRolePolicy',
      { roleName: 'Admin', policyArn: managed },
      { uid: managed, name: 'AdministratorAccess' },
    ],
    ['PutRolePolicy', { roleName: 'Admin', policyName: 'Inline', policyDocument: '{}' }, { name: 'Inline' }],
    ['DeleteUserPolicy', { userName: 'jsmith', policyName: 'Inline' }, { name: 'Inline' }],
  ])('%s says which policy, in a list', (eventName, requestParameters, policy) => {
    const event = ocsfEvent(
      told({ ...call, eventSource: 'iam.amazonaws.com', eventName, requestParameters }),
    );
    expect(problemsOf(event)).toEqual([]);
    expect(event.policies).toEqual([policy]);
    // OCSF: `policy` of Account Change is deprecated since 1.4.0.
    expect(event).not.toHaveProperty('policy');
  });

  test.each([
    ['an API call', { eventSource: 's3.amazonaws.com', eventName: 'GetObject' }],
    ['a change of an account', { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' }],
    ['an issuance', { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole' }],
  ])('%s that failed says so as a status and as the response of the API', (_, what) => {
    const failed = { ...call, ...what, errorCode: 'AccessDenied', errorMessage: 'not authorized' };
    const event = ocsfEvent(told(failed));
    expect(problemsOf(event)).toEqual([]);
    expect(event).toMatchObject({
      status_id: 2,
      status_code: 'AccessDenied',
      status_detail: 'not authorized',
      api: { operation: what.eventName, response: { error: 'AccessDenied', message: 'not authorized' } },
    });
    expect(ocsfEvent(told({ ...call, ...what })).api).not.toHaveProperty('response');
  });

  // IAM guide, console sign-in events: `errorMessage: "Failed authentication"`, no errorCode, and `ConsoleLogin: "Failure"`.
  test.each([
    [
      'ConsoleLogin',
      { responseElements: { ConsoleLogin: 'Failure' }, errorMessage: 'Failed authentication' },
    ],
    ['SwitchRole', { responseElements: { SwitchRole: 'Failure' } }],
    ['CreateOAuth2Token', { responseElements: null, additionalEventData: { success: 'false' } }],
  ])('%s that failed is not a success, though it has no error code', (eventName, said) => {
    const event = ocsfEvent(told({ ...call, eventSource: 'signin.amazonaws.com', eventName, ...said }));
    expect(problemsOf(event)).toEqual([]);
    expect(event).toMatchObject({ status_id: 2, api: { response: { error: 'Failure' } } });
    const works = ocsfEvent(
      told({
        ...call,
        eventSource: 'signin.amazonaws.com',
        eventName,
        responseElements: { [eventName]: 'Success' },
      }),
    );
    expect(works.status_id).toBe(1);
  });

  test('a call through a VPC endpoint says which, and whose it is', () => {
    const event = ocsfEvent(
      told({
        ...call,
        sourceIPAddress: '10.44.3.17',
        vpcEndpointId: 'vpce-0a1b2c3d4e5f60718',
        vpcEndpointAccountId: '222233334444',
      }),
    );
    expect(problemsOf(event)).toEqual([]);
    expect(event).toMatchObject({
      src_endpoint: {
        ip: '10.44.3.17',
        uid: 'vpce-0a1b2c3d4e5f60718',
        owner: { account: { uid: '222233334444', type: 'AWS Account' } },
      },
    });
    expect(ocsfEvent(told(call)).src_endpoint).toEqual({ ip: '198.51.100.1' });
  });

  test('a time without a zone is UTC, wherever it is exported', () => {
    // In a process of its own: a test cannot change its time zone.
    const told = JSON.stringify({
      evidence: { record: JSON.stringify({ eventTime: '2025-03-11 09:00:00.000' }) },
      answer: {},
    });
    const script = `import { ocsfEvent } from './cli/exports/ocsf/event.ts'; process.stdout.write(String(ocsfEvent(${told}).time));`;
    const time = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'America/New_York' },
    });
    expect(Number(time)).toBe(Date.UTC(2025, 2, 11, 9));
  });

  test('what failed says how, and what is not recorded breaks nothing', () => {
    const refused = ocsfEvent(told({ ...call, errorCode: 'AccessDenied', errorMessage: 'no' }));
    expect(refused).toMatchObject({ status_id: 2, status_code: 'AccessDenied', status_detail: 'no' });
    const bare = ocsfEvent(told({ eventID: 'e-2', eventTime: '2025-03-11T09:00:00Z', userIdentity: null }));
    expect(problemsOf(bare)).toEqual([]);
    const service = ocsfEvent(told({ ...call, sourceIPAddress: 'ec2.amazonaws.com' }));
    expect(service.src_endpoint).toEqual({ svc_name: 'ec2.amazonaws.com' });
  });

  test.each<[string, Json, string]>([
    ['a missing attribute', { actor: undefined }, 'event has no actor'],
    ['a missing attribute of the profile', { cloud: undefined }, 'event has no cloud'],
    ['an attribute of no release', { who: 'jsmith' }, 'event.who is not in the schema'],
    [
      'a deprecated one',
      { actor: { user: { uid: 'u', credential_uid: 'k' } } },
      'credential_uid is deprecated since 1.6.0',
    ],
    [
      'a deprecated one of the class',
      { class_uid: 3001, policy: { name: 'p' } },
      'event.policy is deprecated since 1.4.0',
    ],
    ['a wrong type', { time: '2025-03-11' }, 'event.time is not of type timestamp_t'],
    ['a list that is none', { resources: { uid: 'r' } }, 'event.resources is not an array'],
    ['an address that is none', { src_endpoint: { ip: '1.2.3' } }, 'src_endpoint.ip is no ip_t'],
    [
      'a value that is said by nothing',
      { status_id: 99, status: undefined },
      'event.status_id is 99 and status is not there',
    ],
    [
      'an attribute of a profile that it does not name',
      { container: { uid: 'c' } },
      'event.container is not in the schema',
    ],
    [
      'other profiles',
      { metadata: { version: '1.8.0', product: { name: 'x' }, profiles: ['host'] } },
      'does not name the profiles cloud',
    ],
    ['a value of no enum', { severity_id: 7 }, 'event.severity_id is 7'],
    ['another caption', { severity: 'Bad' }, 'severity beside severity_id is not Informational'],
    ['an object of nothing', { src_endpoint: {} }, 'src_endpoint has none of ip'],
    ['another release', { metadata: { version: '1.7.0', product: { name: 'x' } } }, 'another version'],
  ])('%s is not allowed', (_, change, sentence) => {
    const event: Json = JSON.parse(JSON.stringify({ ...ocsfEvent(told(call)), ...change }));
    expect(problemsOf(event)).toContainEqual(expect.stringContaining(sentence));
  });

  test('nobody known is said by the status', () => {
    const open = answer({ status: 'unlinked', origin: null, chain: [] });
    const event = ocsfEvent(told(call, { answer: open, status: 'unlinked', reason: 'no issuance' }));
    expect(problemsOf(event)).toEqual([]);
    expect(event.enrichments).toMatchObject([
      { value: 'unlinked', data: { reason: 'no issuance', origin: null } },
    ]);
  });

  test('a run of a pipeline has the fields that its subject names', () => {
    const ci = { system: 'github' as const, repository: 'acme/web', branch: 'main' };
    const event = ocsfEvent(told(call, { answer: answer({ kind: 'ci-run', ci }) }));
    expect(problemsOf(event)).toEqual([]);
    expect(event.enrichments).toMatchObject([{ data: { kind: 'ci-run', ci, approver: null } }]);
  });

  test('who the record alone names is named by account', () => {
    const event = ocsfEvent(told(call, { answer: delivered, status: 'delivered', reason: delivered.reason }));
    expect(problemsOf(event)).toEqual([]);
    expect(event.enrichments).toMatchObject([
      {
        value: '333333333333',
        data: { status: 'delivered', kind: 'delegated-provider', named: null, approver: delivered.approver },
      },
    ]);
  });
});

describe('every kept record of the samples', () => {
  test.each(['article', 'incident'])('%s is an event the schema allows', async name => {
    const sample = load(name);
    const records = [
      ...new Map(
        deliveries(sample)
          .flatMap(each => each.records)
          .filter(isKept)
          .map((each): [string, TrailRecord] => [each.eventID, each]),
      ).values(),
    ];
    const roles = new AuditedRoles(auditedRoles);
    const store = new MemorySessionStore();
    const events = records.map(record =>
      normalize(record, { source: 's3://b/k', provenance: 'trail', account: null }, roles),
    );
    await correlate(events, store);
    const classes = new Set<unknown>();
    for (const [index, record] of records.entries()) {
      const { credential } = events[index] ?? {};
      const [known] = credential ? (await store.read(credential)).answers : [];
      const event = ocsfEvent(told(record, known ? { answer: known } : { part: 'issuance' }));
      expect([record.eventID, problemsOf(event)]).toEqual([record.eventID, []]);
      classes.add(event.class_uid);
    }
    expect(classes).toContain(6003);
    expect(classes).toContain(3002);
  });
});

describe('what is exported of sessions', () => {
  const issuance = { ...call, eventID: 'issue-1', eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole' };
  const entry = (eventID: string, eventTime: string, use = 'use-1') => ({
    credential: 'ASIAONE',
    eventID,
    recipientAccountId: '999999999999',
    provenance: 'trail' as const,
    eventTime,
    eventName: 'ListBuckets',
    eventSource: 's3.amazonaws.com',
    awsRegion: null,
    errorCode: null,
    sourceIPAddress: null,
    agent: null,
    use,
    request: null,
    amends: null,
  });
  const partner = evidenceOf({ ...call, userAgent: 'partner' }, { provenance: 'partner' });
  const store = memoryStore({
    evidence: [partner, evidenceOf(call), evidenceOf(issuance), evidenceOf({ ...call, eventID: 'e-3' })],
    calls: [
      entry('e-1', '2025-03-11T09:00:00Z'),
      entry('e-2', '2025-03-11T09:00:01Z', 'another'),
      entry('e-3', '2025-03-11T12:00:00Z'),
    ],
  });
  const issued = { issuedAt: '2025-03-11T09:00:00Z', expiresAt: '2025-03-11T10:00:00Z' };
  const one = answer({ ...issued, chain: [hop('CrossAccountTest', ['issue-1'], '2025-03-11T09:00:00Z')] });
  const all = (...args: Parameters<typeof exportedRecords>) => Array.fromAsync(exportedRecords(...args));

  test('is each record once, the own trail’s copy, with what holds at its own time', async () => {
    const found = await all([one, one], store);
    expect(found.map(each => [each.evidence.eventID, each.part, each.status])).toEqual([
      ['issue-1', 'issuance', 'linked'],
      ['e-1', 'call', 'linked'],
      ['e-3', 'call', 'unlinked'],
    ]);
    expect(found[1]?.evidence.provenance).toBe('trail');
  });

  test('is of the time that was asked for, without its end', async () => {
    const ids = (found: ExportedRecord[]) => found.map(each => each.evidence.eventID);
    expect(ids(await all([one], store, { since: '2025-03-11T09:00:01Z' }))).toEqual(['e-3']);
    expect(ids(await all([one], store, { until: '2025-03-11T12:00:00Z' }))).toEqual(['issue-1', 'e-1']);
    const otherwise = memoryStore({
      evidence: [evidenceOf({ ...issuance, eventTime: '2025-03-11 09:00:00.000' })],
    });
    expect(ids(await all([one], otherwise, { since: '2025-03-11T09:00:00Z' }))).toEqual(['issue-1']);
    expect(ids(await all([one], otherwise, { until: '2025-03-11T09:00:00Z' }))).toEqual([]);
  });

  test('goes on where a record is missing, and names it', async () => {
    const absent: string[] = [];
    const without = memoryStore({
      evidence: [evidenceOf(call)],
      calls: [entry('e-1', '2025-03-11T09:00:00Z')],
    });
    const found = await all([one], without, {}, id => absent.push(id));
    expect([found.map(each => each.evidence.eventID), absent]).toEqual([['e-1'], ['issue-1']]);
  });
});
