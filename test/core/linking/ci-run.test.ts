import fc from 'fast-check';
import { type CiRun, ciRunOf, systemOf } from '../../../core/linking/ci-run.ts';

const providers = {
  github: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
  gitlab: 'arn:aws:iam::111122223333:oidc-provider/gitlab.com',
  buildkite: 'arn:aws:iam::111122223333:oidc-provider/agent.buildkite.com',
};

function read(system: CiRun['system'], userName: string | null) {
  return ciRunOf({ type: 'WebIdentityUser', identityProvider: providers[system], userName });
}

// GitHub docs, OpenID Connect reference: example subject claims, and customizing the claims.
test.each<[string, Omit<CiRun, 'system'>]>([
  [
    'repo:octo-org/octo-repo:environment:Production',
    { repository: 'octo-org/octo-repo', environment: 'Production' },
  ],
  ['repo:octo-org/octo-repo:pull_request', { repository: 'octo-org/octo-repo', event: 'pull_request' }],
  [
    'repo:octo-org/octo-repo:ref:refs/heads/demo-branch',
    { repository: 'octo-org/octo-repo', ref: 'refs/heads/demo-branch', branch: 'demo-branch' },
  ],
  [
    'repo:octo-org/octo-repo:ref:refs/tags/demo-tag',
    { repository: 'octo-org/octo-repo', ref: 'refs/tags/demo-tag', tag: 'demo-tag' },
  ],
  [
    'repo:octo-org@1234/octo-repo@5678:ref:refs/heads/main',
    { repository: 'octo-org/octo-repo', repositoryId: '5678', ref: 'refs/heads/main', branch: 'main' },
  ],
  [
    'repo:octo-org/octo-repo:environment:blue%3Agreen',
    { repository: 'octo-org/octo-repo', environment: 'blue:green' },
  ],
  [
    'job_workflow_ref:octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main',
    { workflow: 'octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main' },
  ],
  [
    'repo:octo-org/octo-repo:pull_request:run_id:16500000001:actor:monalisa',
    { repository: 'octo-org/octo-repo', event: 'pull_request', run: '16500000001' },
  ],
  ['repository_owner_id:1234:repository_id:5678', { repositoryId: '5678' }],
])('GitHub: %s', (subject, fields) => {
  expect(read('github', subject)).toEqual({ system: 'github', ...fields });
});

// GitLab docs, ID tokens (sub) and the projects API (ci_id_token_sub_claim_components).
test.each<[string, Omit<CiRun, 'system'>]>([
  ['project_path:acme/web:ref_type:branch:ref:main', { repository: 'acme/web', ref: 'main', branch: 'main' }],
  [
    'project_path:agroup/bgroup/myproject:ref_type:tag:ref:v4.2.0',
    { repository: 'agroup/bgroup/myproject', ref: 'v4.2.0', tag: 'v4.2.0' },
  ],
  [
    'project_path:acme/web:pipeline_id:77:environment:review/one two',
    { repository: 'acme/web', run: '77', environment: 'review/one two' },
  ],
])('GitLab: %s', (subject, fields) => {
  expect(read('gitlab', subject)).toEqual({ system: 'gitlab', ...fields });
});

// Buildkite docs, the agent's oidc command and OIDC with AWS.
test.each<[string, Omit<CiRun, 'system'>]>([
  [
    'organization:acme:pipeline:web:ref:refs/heads/main:commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:build_step',
    {
      pipeline: 'acme/web',
      ref: 'refs/heads/main',
      branch: 'main',
      commit: '9f3182061f1e2cca4702c368cbc039b7dc9d4485',
      step: 'build_step',
    },
  ],
  [
    'organization:acme:pipeline:web:ref:refs/tags/v1:commit:HEAD:step:',
    { pipeline: 'acme/web', ref: 'refs/tags/v1', tag: 'v1', commit: 'HEAD' },
  ],
])('Buildkite: %s', (subject, fields) => {
  expect(read('buildkite', subject)).toEqual({ system: 'buildkite', ...fields });
});

test.each<[string, CiRun['system'], string | null]>([
  ['no subject', 'github', null],
  ['another format', 'github', 'octo-org/octo-repo'],
  ['a repository without an owner', 'github', 'repo:octo-repo:ref:refs/heads/main'],
  ['a half-written id', 'github', 'repo:octo-org@12/octo-repo:ref:refs/heads/main'],
  ['an unknown claim', 'github', 'repo:octo-org/octo-repo:ref:refs/heads/main:who:ceo'],
  ['a claim of free text', 'github', 'repo:octo-org/octo-repo:workflow:x:ref:refs/heads/main'],
  ['a claim twice', 'github', 'repo:octo-org/octo-repo:environment:dev:environment:prod'],
  ['two claims that differ', 'github', 'repo:octo-org/octo-repo:repository:octo-org/another'],
  ['a claim without a value', 'github', 'repo:octo-org/octo-repo:ref:'],
  ['a ref that is none', 'github', 'repo:octo-org/octo-repo:ref:main'],
  ['a control sign', 'github', 'repo:octo-org/octo-repo:environment:prod\u0007'],
  ['text that turns its direction', 'github', 'repo:octo-org/octo-repo:environment:\u202edorp'],
  ['a name of all objects', 'github', 'constructor:x'],
  ['a subject of GitLab by GitHub', 'github', 'project_path:acme/web:ref_type:branch:ref:main'],
  ['a project that does not come first', 'gitlab', 'ref_type:branch:ref:main:project_path:acme/web'],
  ['a type of ref that is none', 'gitlab', 'project_path:acme/web:ref_type:head:ref:main'],
  ['claims in another order', 'buildkite', 'pipeline:web:organization:acme'],
  [
    'a commit that holds another claim',
    'buildkite',
    'organization:a:pipeline:b:ref:refs/heads/m:commit:x:step:y:step:z',
  ],
  ['a subject that was chosen', 'buildkite', '0189a1b2-1111-4c4c-8d8d-0123456789ab'],
  ['what is longer than any', 'github', `repo:octo-org/octo-repo:environment:${'x'.repeat(3000)}`],
])('%s gives no fields', (_, system, subject) => {
  expect(read(system, subject)).toBeNull();
});

test('only a subject that the issuer itself vouches for counts', () => {
  const userName = 'repo:octo-org/octo-repo:ref:refs/heads/main';
  const identityProvider = providers.github;
  expect(ciRunOf({ type: 'SAMLUser', identityProvider, userName })).toBeNull();
  expect(ciRunOf({ type: 'WebIdentityUser', identityProvider: null, userName })).toBeNull();
  expect(ciRunOf(null)).toBeNull();
});

test.each([
  ['token.actions.githubusercontent.com', 'github'],
  ['arn:aws-us-gov:iam::111122223333:oidc-provider/token.actions.githubusercontent.com', 'github'],
  // GitHub docs: an enterprise may have the path, and the host, of its own.
  ['arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com/octocat-inc', 'github'],
  ['arn:aws:iam::111122223333:oidc-provider/token.actions.octocorp.ghe.com', 'github'],
  ['arn:aws:iam::111122223333:oidc-provider/evil.example/token.actions.githubusercontent.com', null],
  ['arn:aws:iam::111122223333:oidc-provider/evil-token.actions.githubusercontent.com', null],
  ['arn:aws:iam::111122223333:oidc-provider/gitlab.example.com', null],
])('the issuer %s: %s', (provider, system) => {
  expect(systemOf(provider)).toBe(system);
});

test('whatever a subject is, no field holds a colon that GitHub did not write out, and nothing throws', () => {
  const word = fc.constantFrom(
    'repo',
    'ref',
    'environment',
    'pull_request',
    'o/r',
    'refs/heads/x',
    '',
    'step',
    ':',
    '@1',
  );
  fc.assert(
    fc.property(
      fc.constantFrom<CiRun['system']>('github', 'gitlab', 'buildkite'),
      fc.array(word),
      (system, words) => {
        const found = read(system, words.join(':'));
        for (const value of Object.values(found ?? {})) expect(value).not.toContain(':');
      },
    ),
  );
});
