import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { App, CloudFormationValidatePlugin, Stack, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { VALIDATE_AGAINST_DEFAULT_RULES } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { addChecks, synthesize } from '../../infra/synth.ts';
import { configWith } from './assembly.ts';

// The CDK's heap grows with each synthesis, and V8 marks all of it again and again in threads beside: half of the time of these tests.
setFlagsFromString('--no-concurrent-marking');

const folder = mkdtempSync(join(tmpdir(), 'roletrail-synth-'));
const project = join(import.meta.dirname, '../..');
const code = () => Code.fromInline('exports.handler = async () => {}');

afterAll(() => rmSync(folder, { recursive: true }));

/** What the two sets of rules answered during the last synthesis. */
function checksRun() {
  const checks = [AwsSolutionsChecks.prototype, CloudFormationValidatePlugin.prototype].map(plugin =>
    jest.spyOn(plugin, 'validate'),
  );
  return () => checks.flatMap(check => check.mock.results.map(({ value }) => value as object));
}

afterEach(() => jest.restoreAllMocks());

test.each([
  ['the example', {}],
  [
    'an existing bucket, no partners, every role',
    {
      trailBucket: { name: 'trail', keyArn: 'arn:aws:kms:us-east-1:999999999999:key/1' },
      partners: [],
      auditedRoles: ['*'],
      alarmEmail: 'soc@example.com',
    },
  ],
] as [string, Partial<RoletrailConfig>][])(
  '%s passes the checks with no finding left over',
  (name, change) => {
    // Given
    const reports = checksRun();
    // When
    synthesize(configWith(change), join(folder, name.slice(0, 11)), { code });
    // Then
    expect(reports()).toMatchObject([
      { success: true, violations: [] },
      { success: true, violations: [] },
    ]);
  },
);

test('a finding of the AWS Solutions rules fails the synthesis and names the resource', () => {
  // Given
  const app = new App({ outdir: join(folder, 'nag') });
  new CfnQueue(new Stack(app, 'Careless'), 'Queue');
  // When
  addChecks(app);
  // Then
  expect(() => app.synth()).toThrow(/Careless\/Queue .*\n.*AwsSolutions-SQS3/);
});

test('a template CloudFormation would refuse fails the synthesis', () => {
  // Given
  const app = new App({ outdir: join(folder, 'cfn'), context: { [VALIDATE_AGAINST_DEFAULT_RULES]: true } });
  const topic = new CfnTopic(new Stack(app, 'Careless'), 'Topic');
  topic.addPropertyOverride('NoSuchProperty', 'x');
  Validations.of(topic).acknowledge({ id: 'AwsSolutions-SNS3', reason: 'not what is tested here' });
  // When
  addChecks(app);
  // Then
  expect(() => app.synth()).toThrow(/NoSuchProperty/);
});

test('the partner’s template is a plain file without assets', () => {
  // When
  const { assembly, templates } = synthesize(configWith(), join(folder, 'plain'), { code, checks: false });
  // Then
  const name = 'roletrail-partner-111111111111-us-east-1';
  expect(templates[name]).toBe(join(assembly, `${name}.template.json`));
  expect(existsSync(join(assembly, `${name}.assets.json`))).toBe(false);
});

/** What `cdk.json` runs, as the CDK CLI runs it. */
function runApp(config: object) {
  const file = join(folder, 'roletrail.json');
  writeFileSync(file, JSON.stringify(config));
  const { app } = JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8')) as { app: string };
  return {
    file,
    ...spawnSync(app, {
      shell: true,
      cwd: project,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        CDK_OUTDIR: join(folder, 'cdk.out'),
        CDK_CONTEXT_JSON: JSON.stringify({ config: file }),
      },
    }),
  };
}

test('a wrong configuration ends cdk synth with one sentence and exit code 1', () => {
  // When
  const { status, stdout, stderr, file } = runApp({ ...configWith(), redelivered: 'fast' });
  // Then
  expect([status, stdout, stderr]).toEqual([
    1,
    '',
    `${file}: redelivered: 'fast' is not 'skip' or 'process'\n`,
  ]);
});
