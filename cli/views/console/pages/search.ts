import type { People } from '../../../people/people.ts';
import type { Elsewhere } from '../../../queries/elsewhere.ts';
import { endedNote } from '../../../queries/kept.ts';
import { type Answered, lookUp } from '../../../queries/lookup.ts';
import { meanings } from '../../../queries/lookup-names.ts';
import type { Candidate, Candidates } from '../../../queries/short-ids.ts';
import type { Store } from '../../../queries/store.ts';
import { meaningText } from '../../terminal/meanings.ts';
import { moreText, noSession } from '../../terminal/named.ts';
import { day, upperFirst } from '../../text/format.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { elsewhereView } from '../parts/elsewhere-view.ts';
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
  if (found?.kind === 'event') return { to: link('/event', { id: found.subject }) };
  if (found?.kind === 'credential') return { to: link('/session', { id: found.subject }) };
  if (found?.kind === 'several') return { page: ids(found), found: true };
  if (found?.kind === 'elsewhere') {
    await people.meet(found.sessions);
    return { page: elsewherePage(found, people), found: true };
  }
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
      body: html`<h1>Nothing is known of ${subject}</h1>
<p>Enter a name, mail, ARN, address, account, resource, role or session, a whole key or ID, or at least four characters of its beginning. Case does not matter.</p>${note ? html`<p class="sub">${upperFirst(note)}.</p>` : null}`,
    }),
  };
}

/** The beginning of several ids: what each is. */
function ids({ subject, candidates, more, from }: Candidates & { subject: string }): Html {
  const rest = more === null ? 'and more' : more > 0 ? `and ${more.toLocaleString('en-US')} more` : null;
  const to = ({ what, id }: Candidate) => link(what === 'event' ? '/event' : '/session', { id });
  return framed({
    title: subject,
    at: null,
    search: subject,
    body: html`<h1>Several ids begin with ${subject}</h1><div class="scroll"><table class="list"><thead><tr><th>What</th><th>Time</th><th>Name</th><th>Id</th></tr></thead>
<tbody>${candidates.map(each => html`<tr><td>${each.what}</td><td class="time">${day(each.at)}</td><td>${each.name ?? ''}</td><td class="wide"><a class="main" href="${to(each)}">${each.id}</a></td></tr>`)}</tbody></table></div>
${rest ? html`<p class="sub">${rest}</p>` : null}${from ? html`<p class="sub">eventIDs were looked through back to ${day(from)}</p>` : null}`,
  });
}

type FoundElsewhere = Answered & { kind: 'elsewhere' };

function elsewherePage({ subject, elsewhere, sessions, more }: FoundElsewhere, people: People): Html {
  return framed({
    title: subject,
    at: 'activity',
    search: subject,
    body: html`<h1>${subject}</h1>${elsewhereView(subject, elsewhere)}
${sessions.length > 0 ? html`<section><h2>Sessions, newest first</h2>${sessionRows(sessions, people)}${more > 0 ? html`<p class="sub">and ${more.toLocaleString('en-US')} more</p>` : null}</section>` : null}`,
  });
}

type NamedAnswer = Answered & { kind: 'name' };

/** Calls that assume or change a role touch it: that is no other thing of its name. */
function elsewhereIsRole({ resources, address, account }: Elsewhere): boolean {
  return !address && !account && resources.every(({ type }) => /::Role$|:role$/.test(type));
}

/** Lists of their own have all sessions of a role, and all that somebody is behind. */
function ofOneKind({ subject, sessions, as, roles, elsewhere }: NamedAnswer): string | null {
  if (elsewhere && !elsewhereIsRole(elsewhere)) return null;
  const all = new Set(sessions.map(answer => as[answer.session]));
  const [one] = all.size === 1 ? all : [];
  if (one === 'role') return link('/sessions', { role: subject });
  return one === 'who' && roles.length === 0 && sessions.length > 1
    ? link('/sessions', { origin: subject })
    : null;
}

function candidates(found: NamedAnswer, people: People): Html {
  const { subject, roles, sessions, as, elsewhere } = found;
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
${more ? html`<p class="sub">${more}. <a href="${link('/sessions', { origin: subject })}">All sessions of ${subject}</a></p>` : null}${elsewhere ? html`<section><h2>Also called so</h2>${elsewhereView(subject, elsewhere)}</section>` : null}`,
  });
}
