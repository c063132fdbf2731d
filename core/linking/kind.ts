import { oidcIssuer } from '../records/arn.ts';
import type { Party } from './chain.ts';
import { systemOf } from './ci-run.ts';
import type { Mechanism } from './mechanism.ts';

/** What a session is, as a person would say it. */
export type Kind =
  | 'console'
  | 'command-line-sign-in'
  | 'identity-center'
  | 'user'
  | 'ci-run'
  | 'workload'
  | 'service'
  | 'agent'
  | 'delegated-provider'
  | 'federated-user'
  | 'root';

/** Other issuers of tokens for runs of pipelines, beside those whose subjects are read (the providers' OIDC guides). */
const pipelines = /^(?:oidc\.circleci\.com\/.*|api\.bitbucket\.org\/.*)$/;
const clusters = /^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com/;
/** Services that run what is the customer's own. */
const runners = new Set([
  'ec2.amazonaws.com',
  'lambda.amazonaws.com',
  'ecs-tasks.amazonaws.com',
  'pods.eks.amazonaws.com',
  'rolesanywhere.amazonaws.com',
  'ssm.amazonaws.com',
  'codebuild.amazonaws.com',
]);
/** Null where nobody is known. `byAgent`: an AI agent made the calls. */
export function kindOf(mechanism: Mechanism | null, origin: Party | null, byAgent: boolean): Kind | null {
  if (origin?.type === 'DelegatedProvider') return 'delegated-provider';
  if (byAgent) return 'agent';
  if (mechanism === 'console') return 'console';
  if (mechanism === 'sign-in') return 'command-line-sign-in';
  if (mechanism === 'identity-center' || origin?.type === 'IdentityCenterUser') return 'identity-center';
  if (origin === null) return null;
  return kindOfOrigin(origin);
}

function kindOfOrigin({ type, identityProvider, invokedBy, workload }: Party): Kind | null {
  switch (type) {
    case 'IAMUser':
      return 'user';
    case 'Root':
      return 'root';
    case 'SAMLUser':
      return 'federated-user';
    case 'WebIdentityUser': {
      const issuer = oidcIssuer(identityProvider ?? '');
      if (systemOf(issuer) || pipelines.test(issuer)) return 'ci-run';
      return clusters.test(issuer) ? 'workload' : 'federated-user';
    }
    case 'Workload':
      return 'workload';
    case 'AWSService':
      return workload !== null && runners.has(invokedBy ?? '') ? 'workload' : 'service';
    default:
      return null;
  }
}
