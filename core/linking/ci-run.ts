import { oidcIssuer } from '../records/arn.ts';
import type { Party } from './chain.ts';

/** The run of a pipeline that a subject names: what the subject does not say is not there. */
export interface CiRun {
  system: 'github' | 'gitlab' | 'buildkite';
  /** `OWNER/NAME` on GitHub, the project's path on GitLab */
  repository?: string;
  repositoryId?: string;
  /** Buildkite: `ORGANIZATION/PIPELINE` */
  pipeline?: string;
  /** as the subject has it: `refs/heads/main` on GitHub and Buildkite, `main` on GitLab */
  ref?: string;
  branch?: string;
  tag?: string;
  environment?: string;
  /** `pull_request`: GitHub says then neither branch nor environment */
  event?: string;
  /** file of the workflow, with its own ref: `OWNER/NAME/PATH@REF` */
  workflow?: string;
  commit?: string;
  /** number of the run (GitHub) or of the pipeline (GitLab), where the subject was made to have it */
  run?: string;
  job?: string;
  step?: string;
}

type System = CiRun['system'];

/**
 * Issuers of tokens for runs, by what follows `oidc-provider/` in the provider's ARN. An enterprise on GitHub has a path or a
 * host of its own (GitHub, OpenID Connect reference); a GitLab or a server of one's own has any host, which tells nothing.
 */
const issuers: [RegExp, System][] = [
  [/^token\.actions\.githubusercontent\.com(?:\/[\w-]+)?$/, 'github'],
  [/^token\.actions\.[a-z0-9-]+\.ghe\.com$/, 'github'],
  [/^gitlab\.com$/, 'gitlab'],
  [/^agent\.buildkite\.com$/, 'buildkite'],
];

/** Whose runs a provider vouches for; null for any other provider. `provider`: its ARN, or its host and path. */
export function systemOf(provider: string): System | null {
  return issuers.find(([issuer]) => issuer.test(oidcIssuer(provider)))?.[1] ?? null;
}

/**
 * The run behind a session whose origin is a subject of one of these issuers. A subject is read whole or not at all: one with
 * an unknown claim, a claim twice, or a value that no such claim can have gives null, because a part of it could have
 * been chosen to look like another claim.
 */
export function ciRunOf(origin: Pick<Party, 'type' | 'identityProvider' | 'userName'> | null): CiRun | null {
  if (origin?.type !== 'WebIdentityUser' || !origin.identityProvider || !origin.userName) return null;
  const system = systemOf(origin.identityProvider);
  if (!system || origin.userName.length > longestSubject) return null;
  const claims = readers[system](origin.userName.split(':'));
  return claims && { system, ...claims };
}

/** Longer than any of the claims below together. */
const longestSubject = 2048;

type Claims = Omit<CiRun, 'system'>;
type Claim = (value: string) => Claims | null;

const readers: Record<System, (parts: string[]) => Claims | null> = {
  github: parts => claimsIn(parts, github),
  gitlab: parts => (parts[0] === 'project_path' ? claimsIn(parts, gitlab) : null),
  buildkite: buildkiteClaims,
};

/** What is in the subject beside the fields that are shown. */
const unused: Claim = () => ({});
const matching =
  (pattern: RegExp, claim: Claim): Claim =>
  value =>
    pattern.test(value) ? claim(value) : null;
const number = (name: 'run' | 'job' | 'repositoryId') => matching(/^\d+$/, value => ({ [name]: value }));
const commit = matching(/^[0-9a-f]{7,64}$/, value => ({ commit: value }));

/**
 * GitHub's default subject `repo:OWNER/NAME:` and `ref:REF`, `environment:NAME` or `pull_request`, and one made of claims that
 * were chosen, `CLAIM:VALUE` each (OpenID Connect reference, customizing the subject claims). Since June 2026 the owner and the
 * name of a new repository are followed by `@ID`. A colon in the name of an environment is written `%3A`. Left out are claims of
 * free text, as the name of a workflow: it could hold another claim.
 */
const github: Record<string, Claim> = {
  repo: gitHubRepository,
  repository: gitHubRepository,
  repository_id: number('repositoryId'),
  repository_owner: unused,
  repository_owner_id: unused,
  repository_visibility: unused,
  ref: matching(/^refs\/./, refClaims),
  ref_type: unused,
  ref_protected: unused,
  environment: value => ({ environment: value.replaceAll('%3A', ':') }),
  event_name: value => ({ event: value }),
  job_workflow_ref: matching(/^[^/]+\/[^/]+\/.+@./, value => ({ workflow: value })),
  job_workflow_sha: unused,
  sha: commit,
  run_id: number('run'),
  run_number: unused,
  run_attempt: unused,
  runner_environment: unused,
  actor: unused,
  actor_id: unused,
  enterprise: unused,
  enterprise_id: unused,
};

/** `project_path:GROUP/PROJECT:ref_type:TYPE:ref:NAME`, or other claims of the token (GitLab, ID tokens; projects API). */
const gitlab: Record<string, Claim> = {
  project_path: matching(/^[^/]+(?:\/[^/]+)+$/, value => ({ repository: value })),
  project_id: number('repositoryId'),
  namespace_path: unused,
  namespace_id: unused,
  ref_type: matching(/^(?:branch|tag)$/, unused),
  ref: value => ({ ref: value }),
  ref_path: unused,
  ref_protected: unused,
  environment: value => ({ environment: value }),
  environment_protected: unused,
  deployment_tier: unused,
  pipeline_id: number('run'),
  pipeline_source: value => ({ event: value }),
  job_id: number('job'),
  sha: commit,
  user_id: unused,
  user_login: unused,
  runner_id: unused,
  runner_environment: unused,
};

const pullRequest: Claim = event => ({ event });

/** `CLAIM:VALUE`, one after the other, each claim once; GitHub's `pull_request` has no value. */
function claimsIn(parts: readonly string[], known: Record<string, Claim>): Claims | null {
  const seen = new Map<string, string>();
  const found: Claims = {};
  for (let at = 0; at < parts.length; ) {
    const name = parts[at] as string;
    const alone = name === 'pull_request' && known === github;
    const value = alone ? name : parts[at + 1];
    const claim = alone ? pullRequest : Object.hasOwn(known, name) ? known[name] : undefined;
    const claims = claim && value && !seen.has(name) && isShown(value) ? claim(value) : null;
    if (!claims || differs(found, claims)) return null;
    seen.set(name, value as string);
    Object.assign(found, claims);
    at += alone ? 1 : 2;
  }
  const type = known === gitlab ? seen.get('ref_type') : undefined;
  return type && found.ref ? { ...found, [type]: found.ref } : found;
}

/** Two claims that tell the same thing must agree. */
function differs(found: Claims, more: Claims): boolean {
  return Object.entries(more).some(([name, value]) => (found[name as keyof Claims] ?? value) !== value);
}

// A control sign, or a sign that turns the direction of text, is in no name.
function isShown(value: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value);
}

function gitHubRepository(value: string): Claims | null {
  const [, owner, ownerId, name, id] = /^([\w.-]+)(?:@(\d+))?\/([\w.-]+)(?:@(\d+))?$/.exec(value) ?? [];
  if (!owner || !name || (ownerId === undefined) !== (id === undefined)) return null;
  return { repository: `${owner}/${name}`, ...(id && { repositoryId: id }) };
}

function refClaims(ref: string): Claims {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  return { ref, ...(kind && { [kind === 'heads' ? 'branch' : 'tag']: name }) };
}

/**
 * `organization:SLUG:pipeline:SLUG:ref:REF:commit:COMMIT:step:KEY` (Buildkite, agent's oidc command), always in this order: what
 * a build is asked for with is free text. The last ones may be missing, the step's key empty.
 */
function buildkiteClaims(parts: readonly string[]): Claims | null {
  const names = ['organization', 'pipeline', 'ref', 'commit', 'step'];
  const values = names.map((_, index) => parts[2 * index + 1]);
  const inOrder = parts.every((part, at) => at % 2 === 1 || part === names[at / 2]);
  const [organization, pipeline, ref, sha, step] = values;
  if (!inOrder || parts.length % 2 === 1 || parts.length > 2 * names.length) return null;
  if (!organization || !pipeline || !values.every(value => value === undefined || isShown(value)))
    return null;
  if (ref !== undefined && !ref.startsWith('refs/')) return null;
  const slugs = [organization, pipeline].every(slug => /^[\w.-]+$/.test(slug));
  return slugs
    ? {
        pipeline: `${organization}/${pipeline}`,
        ...(ref && refClaims(ref)),
        ...(sha && { commit: sha }),
        ...(step && { step }),
      }
    : null;
}
