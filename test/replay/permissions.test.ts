import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealOf } from '../../cli/deployment/assembly-seal.ts';
import { baseConfig } from '../../cli/deployment/base-config.ts';
import { prepareState } from '../../cli/deployment/local-cloud.ts';
import { findInputs } from '../../cli/inputs/inputs.ts';
import { everyCredential, needsOfInputs, replayConfig } from '../../cli/replay/config.ts';
import { inProcess } from './in-process.ts';
import { project, temporaryFolder } from './roletrail.ts';

interface Statement {
  Sid?: string;
  Action: string | string[];
  Principal?: unknown;
}

interface Resource {
  Type: string;
  Properties: {
    PolicyDocument?: { Statement: Statement[] };
    KeyPolicy?: { Statement: Statement[] };
    Policies?: { PolicyDocument: { Statement: { Action: string | string[] }[] } }[];
    Environment?: { Variables: Record<string, unknown> };
  };
}

type Template = { Resources: Record<string, Resource> };

const folder = temporaryFolder();
const state = join(folder, 'state');
const template = join(state, 'cdk.out', 'roletrail.template.json');
const partnerTemplate = join(state, 'cdk.out', 'roletrail-partner-111111111111-us-east-1.template.json');
const input = join(project, 'samples', 'article', 'input');
const words = ['replay', input, '--state', state];
let whole = '';
let partner = '';

beforeAll(async () => {
  // What a replay of these files makes first.
  const { deliver } = await findInputs([input], new AbortController().signal);
  const needs = await needsOfInputs(deliver);
  await prepareState(state, replayConfig(baseConfig(), everyCredential, needs));
  whole = readFileSync(template, 'utf8');
  partner = readFileSync(partnerTemplate, 'utf8');
});
afterEach(() => {
  writeFileSync(template, whole);
  writeFileSync(partnerTemplate, partner);
  seal();
});

/** As the synthesis itself seals what it wrote. */
function seal(): void {
  const mark = join(state, 'synthesized');
  const [fingerprint] = readFileSync(mark, 'utf8').split(' ');
  writeFileSync(mark, `${fingerprint} ${sealOf(join(state, 'cdk.out'))}`);
}

/** Changes what was synthesized, as a hand or a change of the stack might. */
function broken(change: (id: string, resource: Resource) => number, file = template): void {
  const changed = JSON.parse(readFileSync(file, 'utf8')) as Template;
  const changes = Object.entries(changed.Resources).map(([id, resource]) => change(id, resource));
  expect(changes.reduce((sum, each) => sum + each, 0)).toBe(1);
  writeFileSync(file, JSON.stringify(changed));
  seal();
}

/** Changes the statement `sid` of the policy of one resource. */
const statement = (
  type: string,
  name: RegExp,
  sid: string,
  change: (list: Statement[], at: number) => void,
) => {
  return (id: string, { Type, Properties: { PolicyDocument, KeyPolicy } }: Resource): number => {
    const list = (PolicyDocument ?? KeyPolicy)?.Statement ?? [];
    const at = list.findIndex(({ Sid }) => Sid === sid);
    if (Type !== type || !name.test(id) || at < 0) return 0;
    change(list, at);
    return 1;
  };
};

const withoutAction = (role: RegExp, action: string) =>
  broken((id, { Properties: { PolicyDocument, Policies = [] } }) => {
    if (!role.test(id)) return 0;
    const statements = [
      ...(PolicyDocument?.Statement ?? []),
      ...Policies.flatMap(each => each.PolicyDocument.Statement),
    ];
    const granting = statements.filter(({ Action }) => [Action].flat().includes(action));
    for (const statement of granting)
      statement.Action = [statement.Action].flat().filter(each => each !== action);
    return granting.length > 0 ? 1 : 0;
  });

const withoutVariable = (name: string) =>
  broken((_, { Type, Properties }) => {
    const variables = Type === 'AWS::Lambda::Function' ? Properties.Environment?.Variables : undefined;
    return variables &&
      delete variables[name] &&
      !(name in variables) &&
      JSON.stringify(variables).includes('IDEMPOTENCY')
      ? 1
      : 0;
  });

const withoutStatement = (type: string, name: RegExp, sid: string) =>
  statement(type, name, sid, (list, at) => list.splice(at, 1));

const refused = (action: string, resource: RegExp, because = 'because no resource-based policy allows the') =>
  new RegExp(`is not authorized to perform: ${action} on resource: ${resource.source} ${because}`);

// Each replay shows two of them where it can: one on the way of the log files, one on that of a partner's event.
describe('what the stack lacks, or a policy does not let through, shows on the laptop: the replay fails and says so', () => {
  test('a role without a grant of Persist, and Decompress at the bucket', async () => {
    withoutAction(/^StepsPersistRole/, 'dynamodb:PartiQLInsert');
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject*', Resource: '*' };
    broken(
      statement('AWS::S3::BucketPolicy', /^BucketsTrail/, 'CloudTrailWritesLogFiles', list =>
        list.push(deny),
      ),
    );
    const { status, out } = await inProcess(words);
    expect(status).toBe(3);
    expect(out).toMatch(
      /StepsPersistRole.* is not authorized to perform: dynamodb:PartiQLInsert on resource: arn:aws:dynamodb:.*Evidence/,
    );
    expect(out).toMatch(
      refused(
        's3:GetObjectVersion',
        /arn:aws:s3:::\S+gz/,
        'with an explicit deny in a resource-based policy',
      ),
    );
  });

  test('a role without a grant of Correlate, and a partner’s rule at its topic', async () => {
    withoutAction(/^StepsCorrelateRole/, 'dynamodb:Query');
    broken(withoutStatement('AWS::SNS::TopicPolicy', /./, 'RulesPublish'), partnerTemplate);
    const { status, out } = await inProcess(words);
    expect(status).toBe(3);
    expect(out).toMatch(
      /StepsCorrelateRole.* is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:.*Sessions/,
    );
    expect(out).toMatch(/1 message not delivered from .*:rule\/\S+ to .*:roletrail-assume-role: /);
    expect(out).toMatch(refused('sns:Publish', /arn:aws:sns:\S+:roletrail-assume-role/));
  });

  test('a function without a variable: both are named', async () => {
    withoutVariable('EVIDENCE_TABLE');
    const { status, out } = await inProcess(words);
    expect(status).toBe(3);
    expect(out).toContain('environment variable EVIDENCE_TABLE of the function persist is not set');
  });

  test('the bucket’s rule at the queue, and SNS at the key of the other queue', async () => {
    broken(withoutStatement('AWS::SQS::QueuePolicy', /^IntakeTrailQueue/, 'TheRuleSends'));
    broken(
      statement('AWS::KMS::Key', /./, 'DeliverToQueues', (list, at) => {
        Object.assign(list[at] ?? {}, { Principal: { Service: 'events.amazonaws.com' } });
      }),
    );
    const { status, out } = await inProcess(words);
    expect(status).toBe(3);
    expect(out).toMatch(refused('sqs:SendMessage', /arn:aws:sqs:\S+:roletrail-IntakeTrailQueue\w+/));
    expect(out).toMatch(refused('kms:GenerateDataKey', /arn:aws:kms:\S+/));
  });
});
