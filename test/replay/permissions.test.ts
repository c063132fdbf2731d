import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProcess } from './in-process.ts';
import { project, temporaryFolder } from './roletrail.ts';

jest.setTimeout(90_000);

interface Resource {
  Type: string;
  Properties: {
    PolicyDocument?: { Statement: { Action: string | string[] }[] };
    Policies?: { PolicyDocument: { Statement: { Action: string | string[] }[] } }[];
    Environment?: { Variables: Record<string, unknown> };
  };
}

type Template = { Resources: Record<string, Resource> };

const folder = temporaryFolder();
const state = join(folder, 'state');
const template = join(state, 'cdk.out', 'roletrail.template.json');
const words = ['replay', join(project, 'samples', 'article', 'input'), '--state', state];
let whole = '';

beforeAll(async () => {
  expect(await inProcess(words)).toMatchObject({ status: 0 });
  whole = readFileSync(template, 'utf8');
});

/** Changes what was synthesized, as a hand or a change of the stack might. */
function broken(change: (id: string, resource: Resource) => number): void {
  const changed = JSON.parse(whole) as Template;
  const changes = Object.entries(changed.Resources).map(([id, resource]) => change(id, resource));
  expect(changes.reduce((sum, each) => sum + each, 0)).toBe(1);
  writeFileSync(template, JSON.stringify(changed));
}

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
    return granting.length;
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

describe('what is missing in the stack shows on the laptop', () => {
  test.each([
    [
      /^StepsPersistRole/,
      'dynamodb:PartiQLInsert',
      /StepsPersistRole.* is not authorized to perform: dynamodb:PartiQLInsert on resource: arn:aws:dynamodb:.*Evidence/,
    ],
    [
      /^StepsCorrelateRole/,
      'dynamodb:Query',
      /StepsCorrelateRole.* is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:.*Sessions/,
    ],
  ])('a role %s without %s: the replay fails and says so', async (role, action, sentence) => {
    withoutAction(role, action);
    const { status, out } = await inProcess(words);
    expect(status).toBe(3);
    expect(out).toMatch(sentence);
  });

  test('a function without a variable: the replay fails and names both', async () => {
    withoutVariable('EVIDENCE_TABLE');
    const { status, out } = await inProcess(words);
    expect(status).toBe(3);
    expect(out).toContain('environment variable EVIDENCE_TABLE of the function persist is not set');
  });
});
