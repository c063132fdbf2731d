import type { Deployment } from '../../deployment.ts';
import { lookUp } from '../../lookup.ts';
import { roleArnOf } from '../../queries/sessions.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { framed } from './page.ts';

/** Where what was asked for is shown, or a page that says that nothing is known of it. */
export async function searchFor(
  deployment: Deployment,
  text: string,
): Promise<{ to: string } | { page: Html }> {
  const subject = text.trim();
  const found = subject ? await lookUp(subject, deployment) : null;
  if (found?.kind === 'event') return { to: link('/event', { id: subject }) };
  if (found?.kind === 'credential') return { to: link('/session', { id: subject }) };
  if (found) return { to: link('/sessions', { [subject.includes(':role/') ? 'role' : 'origin']: subject }) };
  // Nobody types a role's whole ARN.
  if (subject && (await hasSessions(subject, deployment)))
    return { to: link('/sessions', { role: subject }) };
  return {
    page: framed({
      title: 'Search',
      at: null,
      search: subject,
      body: html`<h1>Nothing is known of ${subject}</h1>
<p>An event id, an access key id, an ARN, a principal id, a service (<code>ec2.amazonaws.com</code>) the name of a session or of a role of the audited account is found, each whole. A user is found by the ARN: a name alone may be many people's.</p>`,
    }),
  };
}

async function hasSessions(role: string, deployment: Deployment): Promise<boolean> {
  for await (const _ of deployment.sessions.byRole(roleArnOf(role, deployment))) return true;
  return false;
}
