import type { Kind } from '../../../core/linking/kind.ts';

/** What a session is, in words. */
export const kinds: Record<Kind, string> = {
  console: 'at the console',
  'command-line-sign-in': 'command line sign-in',
  'identity-center': 'Identity Center',
  user: 'user',
  'ci-run': 'CI run',
  workload: 'workload',
  service: 'AWS service',
  agent: 'AI agent acting for them',
  'delegated-provider': 'product provider with delegated access',
  'federated-user': 'federated user',
  root: 'root user',
};

/** The kind, to stand beside a name and what it is; null where these say it already, or nobody is known. */
export function kindBeside(kind: Kind | null, what: string): string | null {
  const words = kind && kinds[kind];
  const [type = ''] = what.split(', ');
  return words && !type.startsWith(words) ? words : null;
}
