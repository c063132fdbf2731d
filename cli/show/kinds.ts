import type { Kind } from '../../steps/linking/kind.ts';

/** What a session is, in words. */
export const kinds: Record<Kind, string> = {
  console: 'at the console',
  'command-line-sign-in': 'command line sign-in',
  'identity-center': 'Identity Center',
  user: 'role assumed by a user',
  'ci-run': 'role assumed by a CI run',
  workload: 'role of a workload',
  service: 'role assumed by a service',
  agent: 'AI agent',
  'delegated-provider': 'product provider with delegated access',
  'federated-user': 'role assumed by a federated user',
  root: 'root of an account',
};
