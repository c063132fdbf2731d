import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchesArn } from '../../../local/iam/wildcards.ts';
import { readDeployment } from '../../../local/template/deployment.ts';
import { rolePolicies } from '../../../local/template/role-policies.ts';
import type { Stack } from '../stack.ts';
import { startStack, tellStory } from './story.ts';
import { unexercised } from './unexercised.ts';

jest.setTimeout(120_000);

interface Granted {
  role: string;
  action: string;
  resource: string;
}

const folder = mkdtempSync(join(tmpdir(), 'roletrail-grants-'));
let stack: Stack;
let granted: Granted[];

beforeAll(async () => {
  stack = await startStack(folder);
  await tellStory(stack, folder);
  granted = Object.entries(rolePolicies(readDeployment(join(folder, 'cdk.out')))).flatMap(
    ([role, statements]) =>
      statements.flatMap(({ Action, Resource }) =>
        [Action]
          .flat()
          .flatMap(action => [Resource].flat().map(resource => ({ role: plain(role), action, resource }))),
      ),
  );
});
afterAll(async () => {
  await stack?.cloud.close();
  rmSync(folder, { recursive: true });
});

/** A logical id without the hash that CDK puts behind it. */
const plain = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');
const inWords = ({ role, action, resource }: Granted) => `${role} ${action} ${resource}`;

function wasExercised({ role, action, resource }: Granted): boolean {
  return stack.cloud
    .checks()
    .some(
      check =>
        check.allowed &&
        plain(check.caller) === role &&
        check.action.toLowerCase() === action.toLowerCase() &&
        matchesArn(resource, check.resource),
    );
}

test('every call that the story makes is allowed', () => {
  const checks = stack.cloud.checks().filter(({ caller }) => caller !== 'operator');
  expect(checks.length).toBeGreaterThan(50);
  expect(checks.filter(({ allowed }) => !allowed)).toEqual([]);
});

test('every action that is granted is exercised, resource by resource, or has its reason', () => {
  const excused = (grant: Granted) => unexercised.some(({ what }) => what.test(inWords(grant)));
  const idle = granted.filter(grant => !wasExercised(grant));
  expect(granted.length).toBeGreaterThan(100);
  expect(idle.filter(grant => !excused(grant)).map(inWords)).toEqual([]);
});

test.each(unexercised)('$what: $why', ({ what }) => {
  const spoken = granted.filter(grant => what.test(inWords(grant)));
  expect(spoken).not.toEqual([]);
  expect(spoken.filter(wasExercised).map(inWords)).toEqual([]);
});
