import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Check,
  type Deployment,
  isObject,
  matchesArn,
  matchesWildcards,
  readDeployment,
  rolePolicies,
  type Statement,
} from '@roletrail/local/deployment';
import type { Stack } from '../stack.ts';
import { startStack, tellStory } from './story.ts';
import { unexercised, unexercisedByOthers } from './unexercised.ts';

/** One action on one resource that a policy grants to somebody. `words`: as `unexercised.ts` names it. */
interface Granted {
  words: string;
  /** a role, a service, or `operator` for an account */
  caller: string;
  action: string;
  resource: string;
  /** of a key: only through this service */
  via?: string | undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'roletrail-grants-'));
let stack: Stack;
let byRoles: Granted[];
let byResources: Granted[];

beforeAll(async () => {
  stack = await startStack(folder);
  await tellStory(stack, folder);
  const deployment = readDeployment(join(folder, 'cdk.out'));
  byRoles = grantsOfRoles(deployment);
  byResources = grantsOfResources(deployment);
});
afterAll(async () => {
  await stack?.cloud.close();
  rmSync(folder, { recursive: true });
});

/** A logical id without the hash that CDK puts behind it. */
const plain = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');

/** Which service binds a key's use so: the state machine's grants say that instead. */
const boundBy: Record<string, string> = {
  'kms:EncryptionContext:aws:states:stateMachineArn': 'states.us-east-1.amazonaws.com',
  'kms:EncryptionContext:SourceArn': 'delivery.logs.amazonaws.com',
};

function grantsOfRoles(deployment: Deployment): Granted[] {
  return Object.entries(rolePolicies(deployment)).flatMap(([role, statements]) =>
    statements.flatMap(({ Action, Resource, Condition = {} }) => {
      const [context] = Object.keys(Condition.StringLike ?? {});
      const via = Condition.StringEquals?.['kms:ViaService'] ?? (context && boundBy[context]);
      return each(Action, Resource).map(([action, resource]) => ({
        words: `${plain(role)} ${action} ${resource} ${via ?? ''}`.trim(),
        caller: plain(role),
        action,
        resource,
        via: via === undefined ? undefined : String(via),
      }));
    }),
  );
}

/** What queues, topics, buckets and keys grant to services and to other accounts. */
function grantsOfResources(deployment: Deployment): Granted[] {
  return deployment.stacks.flatMap(({ name, resources }) =>
    resources.flatMap(({ logicalId, type, attributes, properties }) => {
      const isKey = type === 'AWS::KMS::Key';
      if (type.startsWith('AWS::IAM::')) return [];
      const document = isKey ? properties.KeyPolicy : properties.PolicyDocument;
      const statements = isObject(document) ? ([document.Statement].flat() as Statement[]) : [];
      return statements.flatMap(({ Effect, Sid, Principal, Action, Resource }) => {
        // That the key is left to the account's policies is exercised by each role's grant of it.
        if (Effect !== 'Allow' || (isKey && Sid === undefined)) return [];
        return each(Action, isKey ? (attributes.Arn ?? '') : Resource).flatMap(([action, resource]) =>
          callersIn(Principal).map(caller => ({
            words: `${name}/${plain(logicalId)} ${Sid ?? ''} ${caller} ${action}`,
            caller,
            action,
            resource,
          })),
        );
      });
    }),
  );
}

function callersIn(principal: unknown): string[] {
  const { Service = [], AWS = [] } = isObject(principal) ? principal : {};
  return [...[Service].flat().map(String), ...[AWS].flat().map(() => 'operator')];
}

const each = (actions: string | string[], resources: string | string[]): [string, string][] =>
  [actions]
    .flat()
    .flatMap(action => [resources].flat().map((resource): [string, string] => [action, resource]));

function wasExercised({ caller, action, resource, via }: Granted): boolean {
  const fits = (check: Check) =>
    check.allowed &&
    plain(check.caller) === caller &&
    matchesWildcards(action.toLowerCase(), check.action.toLowerCase()) &&
    matchesArn(resource, check.resource) &&
    (via === undefined || check.via === via);
  return stack.cloud.checks().some(fits);
}

test('every call and every delivery that the story makes is allowed', () => {
  const checks = stack.cloud.checks();
  expect(checks.length).toBeGreaterThan(100);
  expect(checks.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(stack.cloud.undelivered()).toEqual([]);
});

test('no execution ends otherwise than the story wants: a machine that is busy makes it slow, and nothing else', async () => {
  const failed = [...(await stack.executions()).values()].filter(ending => ending !== 'SUCCEEDED');
  expect(failed.filter(ending => !ending.startsWith('FAILED ObjectNotFound: '))).toEqual([]);
});

describe.each([
  ['a role', unexercised, () => byRoles, 150],
  ['a queue, topic, bucket or key', unexercisedByOthers, () => byResources, 30],
])('what %s grants', (_, reasons, granted, atLeast) => {
  test('is exercised, action by action and resource by resource, or has its reason', () => {
    expect(granted().length).toBeGreaterThan(atLeast);
    const idle = granted().filter(grant => !wasExercised(grant));
    const excused = ({ words }: Granted) => reasons.some(({ what }) => what.test(words));
    expect(idle.filter(grant => !excused(grant)).map(({ words }) => words)).toEqual([]);
  });

  test.each(reasons)('$what: $why', ({ what }) => {
    const spoken = granted().filter(({ words }) => what.test(words));
    expect(spoken).not.toEqual([]);
    expect(spoken.filter(wasExercised).map(({ words }) => words)).toEqual([]);
  });
});
