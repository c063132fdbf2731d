import { clean } from '../views/text/clean.ts';

/** Roles that a line names one by one. */
const mostNamed = 20;

/** What a replay audits, in one line: whoever reads an empty report must know what was looked for. */
export function auditedLine(roles: readonly string[], by: 'default' | 'asked' | 'stack'): string {
  if (roles.includes('*')) {
    const why = {
      default: '; --roles NAME audits one role alone',
      asked: '',
      stack: ', as the deployed stack does',
    };
    return `auditing every temporary credential in these logs${why[by]}`;
  }
  const named = roles.slice(0, mostNamed).map(clean).join(', ');
  const rest = roles.length - mostNamed;
  const more = rest > 0 ? ` and ${rest} more` : '';
  const whose =
    by === 'stack' ? 'the roles of the deployed stack' : roles.length === 1 ? 'the role' : 'the roles';
  return `auditing ${whose}: ${named}${more}; calls under other roles are left out`;
}
