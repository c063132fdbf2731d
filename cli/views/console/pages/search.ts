import type { People } from '../../../people/people.ts';
import { endedNote } from '../../../queries/kept.ts';
import { type Answered, lookUp } from '../../../queries/lookup.ts';
import { type FoundByName, meanings } from '../../../queries/lookup-names.ts';
import type { Store } from '../../../queries/store.ts';
import { meaningText } from '../../terminal/meanings.ts';
import { moreText, noSession } from '../../terminal/named.ts';
import { upperFirst } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { sessionRows } from '../parts/session-rows.ts';
import { framed } from './page.ts';

/** Where what was asked for is shown, or a page of all that it may mean, or that says that nothing is known of it. */
export async function searchFor(
  store: Store,
  text: string,
  people: People,
): Promise<{ to: string } | { page: Html; found: boolean }> {
  const subject = text.trim();
  const found = subject ? await lookUp(subject, store, { people }) : null;
  if (found?.kind === 'event') return { to: link('/event', { id: subject }) };
  if (found?.kind === 'credential') return { to: link('/session', { id: subject }) };
  if (found) {
    await people.meet(found.sessions);
    const to = ofOneKind(found);
    return to ? { to } : { page: candidates(found, people), found: true };
  }
  const note = endedNote(store);
  return {
    found: false,
    page: framed({
      title: 'Search',
      at: null,
      search: subject,
      body: html`<h1>No session, person or role matches ${subject}</h1>
<p>Enter a whole event ID, access key ID, ARN, principal ID, service (<code>ec2.amazonaws.com</code>), user name or mail, or the name of a session or role. Case does not matter.</p>${note ? html`<p class="sub">${upperFirst(note)}.</p>` : null}`,
    }),
  };
}

/** Lists of their own have all sessions of a role, and all that somebody is behind. */
function ofOneKind({ subject, sessions, as, roles }: FoundByName): string | null {
  const all = new Set(sessions.map(answer => as[answer.session]));
  const [one] = all.size === 1 ? all : [];
  if (one === 'role') return link('/sessions', { role: subject });
  return one === 'who' && roles.length === 0 && sessions.length > 1
    ? link('/sessions', { origin: subject })
    : null;
}

function candidates(found: Answered & FoundByName, people: People): Html {
  const { subject, roles, sessions, as } = found;
  const more = moreText(found);
  return framed({
    title: subject,
    at: 'sessions',
    search: subject,
    body: html`<h1>${subject}</h1>
${roles.map(arn => html`<p class="sub">A role: <a href="${link('/sessions', { role: arn })}">${arn}</a></p>`)}
${sessions.length === 0 ? html`<p class="empty">${upperFirst(noSession)}.</p>` : null}
${meanings.map(meaning => {
  const those = sessions.filter(answer => as[answer.session] === meaning);
  return those.length > 0
    ? html`<section><h2>${subject} ${meaningText(meaning, those.length)}</h2>${sessionRows(those, people)}</section>`
    : null;
})}
${more ? html`<p class="sub">${more}. <a href="${link('/sessions', { origin: subject })}">All sessions of ${subject}</a></p>` : null}`,
  });
}
