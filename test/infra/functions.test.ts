import { trailAccounts } from '../../infra/names.ts';
import example from '../../infra/roletrail.example.json' with { type: 'json' };
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { settingsOf } from '../../infra/settings.ts';
import { environmentNames } from '../../steps/runtime/environment.ts';
import {
  configWith,
  ofType,
  one,
  productionTemplate,
  type Resource,
  readable,
  withoutHash,
} from './assembly.ts';

const template = productionTemplate({
  auditedRoles: ['arn:aws:iam::999999999999:role/CrossAccountTest', 'Deploy'],
});

const functions = Object.fromEntries(
  Object.entries(ofType(template, 'AWS::Lambda::Function')).map(([id, resource]) => [nameOf(id), resource]),
);

/** `StepsFetchFunctionBA3B7826` -> `fetch` */
function nameOf(logicalId: string): string {
  return withoutHash(logicalId)
    .replace(/^Steps|Function$/g, '')
    .toLowerCase();
}

function variablesOf(resource: Resource | undefined): Record<string, unknown> {
  const environment = resource?.Properties.Environment as { Variables: Record<string, unknown> } | undefined;
  return environment?.Variables ?? {};
}

test('each handler of the steps has a function', () => {
  expect(Object.keys(functions).sort()).toEqual(Object.keys(environmentNames).sort());
});

describe.each(Object.entries(functions))('%s', (name, resource) => {
  test('has exactly the variables it reads, and those of its tools', () => {
    // Given
    const read = environmentNames[name as keyof typeof environmentNames];
    // Then
    expect(Object.keys(variablesOf(resource)).sort()).toEqual(
      [...read, 'POWERTOOLS_SERVICE_NAME', 'POWERTOOLS_METRICS_NAMESPACE', 'NODE_OPTIONS'].sort(),
    );
  });

  test('runs on Node 24 and arm64, is traced, and logs to a group of its own', () => {
    expect(resource.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
    const [group] = Object.entries(ofType(template, 'AWS::Logs::LogGroup')).filter(
      ([id]) =>
        JSON.stringify(resource.Properties.LoggingConfig) === JSON.stringify({ LogGroup: { Ref: id } }),
    );
    expect(withoutHash(group?.[0] ?? '')).toBe(`${placeOf(name)}${title(name)}Logs`);
  });

  test('has a role of its own', () => {
    expect(readable(resource.Properties.Role)).toBe(`<${placeOf(name)}${title(name)}Role.Arn>`);
  });
});

test('lists are JSON, as the steps read them', () => {
  expect(variablesOf(functions.fetch)).toMatchObject({
    TRAIL_BUCKETS: '["cloudtrailbucket-999999999999"]',
  });
});

test('the package of a function holds the lists it reads, and those of no other', () => {
  const auditedRoles = ['arn:aws:iam::999999999999:role/CrossAccountTest', 'Deploy'];
  const config = configWith({ auditedRoles, trailAccounts: ['222222222222'] });
  expect(settingsOf('intake', config)).toEqual({
    partnerTopics: ['arn:aws:sns:us-east-1:111111111111:roletrail-assume-role'],
  });
  const trailAccounts = ['999999999999', '222222222222'];
  expect(settingsOf('filter', config)).toEqual({ auditedRoles });
  expect(settingsOf('fetch', config)).toEqual({ auditedRoles, trailAccounts });
  expect(settingsOf('persist', config)).toEqual({});
});

test('tables and buckets are those of the stack', () => {
  expect(readable(variablesOf(functions.persist))).toMatchObject({
    WORK_BUCKET: '<BucketsWork>',
    EVIDENCE_TABLE: '<TablesEvidence>',
    LOOKUPS_TABLE: '<TablesLookups>',
    IDEMPOTENCY_TABLE: '<TablesIdempotency>',
  });
  expect(readable(variablesOf(functions.correlate))).toMatchObject({ SESSIONS_TABLE: '<TablesSessions>' });
  expect(readable(variablesOf(functions.intake))).toMatchObject({
    STATE_MACHINE_ARN: '<PipelineAudit>',
    PARTNER_QUEUE: '<IntakePartnerQueue.Arn>',
    SENDERS_TABLE: '<TablesSenders>',
  });
});

test('what the configuration does not say is said by its defaults', () => {
  expect(variablesOf(functions.fetch)).toMatchObject({ REDELIVERED: 'skip', LOG_NAMES: 'trail' });
  expect(variablesOf(functions.watch)).toMatchObject({ GRACE_MINUTES: '60', LOOKBACK_DAYS: '35' });
  expect(readable(variablesOf(functions.watch))).toMatchObject({
    SESSIONS_TABLE: '<TablesSessions>',
    EVIDENCE_TABLE: '<TablesEvidence>',
    LEDGER_TABLE: '<TablesLedger>',
    ALARM_TOPIC: '<MonitoringAlarms>',
  });
});

test.each([
  [{}, ['999999999999', '111111111111']],
  [{ trailAccounts: [] }, ['999999999999']],
  [{ trailAccounts: ['222222222222', '999999999999'] }, ['999999999999', '222222222222']],
  [{ trailAccounts: ['*'] }, ['*']],
  [{ trailAccounts: ['unchecked'] }, ['unchecked']],
])('the trail covers, by %j, %j', (change, accounts) => {
  expect(trailAccounts({ ...(example as RoletrailConfig), ...change })).toEqual(accounts);
});

test('the configuration says what becomes of redelivered files, and when a session is an alert', () => {
  // When
  const changed = productionTemplate({ redelivered: 'process', graceMinutes: 15, lookbackDays: 90 });
  const variables = (id: string) => variablesOf(one(changed, 'AWS::Lambda::Function', id)[1]);
  // Then
  expect(variables('StepsFetch').REDELIVERED).toBe('process');
  expect(variables('Watch')).toMatchObject({ GRACE_MINUTES: '15', LOOKBACK_DAYS: '90' });
});

test('log groups are encrypted and end', () => {
  const groups = Object.values(ofType(template, 'AWS::Logs::LogGroup')).map(({ Properties }) =>
    readable(Properties),
  );
  expect(groups).toHaveLength(Object.keys(functions).length + 1);
  for (const group of groups) expect(group).toMatchObject({ KmsKeyId: '<Key.Arn>', RetentionInDays: 365 });
});

/** The construct a function that is no state of the flow has to itself. */
function placeOf(name: string): string {
  return ['intake', 'watch', 'integrity'].includes(name) ? '' : 'Steps';
}

function title(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
