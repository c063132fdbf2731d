import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { type Context, Hono } from 'hono';
import { bundleOf } from '../../evidence/bundle.ts';
import { collectEvidence } from '../../evidence/collect.ts';
import { CliError, hasEnded, sentence, UsageError } from '../../failure.ts';
import { noNames, type People } from '../../people/people.ts';
import type { Store } from '../../queries/store.ts';
import { type Html, html } from '../text/html.ts';
import { byToken, ownHost, withHeaders } from './guard.ts';
import { alertsPage } from './pages/alerts.ts';
import { callsPage } from './pages/calls.ts';
import { coveragePage } from './pages/coverage.ts';
import { eventPage } from './pages/event.ts';
import { executionPage } from './pages/execution.ts';
import { executionsPage } from './pages/executions.ts';
import { overviewPage, overviews } from './pages/overviews.ts';
import { framed } from './pages/page.ts';
import { quarantinePage, sentAgainAddress } from './pages/quarantine.ts';
import { refusedPage } from './pages/refused.ts';
import { searchFor } from './pages/search.ts';
import { sessionPage } from './pages/session.ts';
import { sessionsPage } from './pages/sessions.ts';
import { statePage } from './pages/state.ts';
import type { Shown } from './shown.ts';

/** The console over one store. `token`: who knows it may look. */
export function consoleApp(shown: Shown, token: string, people: People = noNames): Hono {
  const { store, host } = shown;
  const app = new Hono();
  app.use(withHeaders, ownHost, byToken(token));
  app.get('/style.css', context => send(context, sheets.map(read).join('\n'), 'text/css'));
  app.get('/icon.svg', context => send(context, read('icon.svg'), 'image/svg+xml'));
  const get = (path: string, page: ShowPage) =>
    app.get(path, async context => context.html(await page(store, context.req.query(), people)));
  get('/', (_, query) => executionsPage(shown, query));
  get('/execution', executionPage);
  get('/state', statePage);
  get('/sessions', (_, query) => sessionsPage(shown, query, people));
  get('/calls', (_, query) => callsPage(shown, query, people));
  for (const overview of overviews)
    get(`/${overview.name}`, (_, query) => overviewPage(overview, shown, query, people));
  get('/session', sessionPage);
  get('/event', eventPage);
  get('/alerts', (_, query) => alertsPage(shown, query));
  get('/refused', refusedPage);
  get('/coverage', coveragePage);
  get('/quarantine', quarantinePage);
  app.post('/quarantine/retry', async context => {
    const { key } = await context.req.parseBody();
    return context.redirect(sentAgainAddress(String(key), await shown.sendAgain(String(key))), 303);
  });
  app.get('/evidence', async context => {
    const evidence = await collectEvidence(
      context.req.query('id') ?? '',
      store,
      context.req.query('logs') === 'with',
    );
    const bytes = bundleOf(evidence);
    // Characters that every file system takes, whatever a record gave for a key.
    const name = evidence.answer.session.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 120);
    return context.body(new Uint8Array(bytes), 200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="evidence-${name}.zip"`,
    });
  });
  app.get('/search', async context => {
    const found = await searchFor(store, context.req.query('q') ?? '', people);
    return 'to' in found
      ? context.redirect(found.to, 303)
      : context.html(found.page, found.found ? 200 : 404);
  });
  app.notFound(context => context.html(problem('Not found', 'This page does not exist.'), 404));
  app.onError((error, context) => {
    // The request is wrong, or its object is missing; anything else is a fault, reported by its name.
    if (error instanceof InvalidArgumentError || error instanceof UsageError) {
      return context.html(problem('Invalid request', error.message), 400);
    }
    if (host && hasEnded(error)) {
      const ended = `Process ${host}, which ran this cloud, has ended: run roletrail console again.`;
      return context.html(problem('The cloud has ended', ended), 503);
    }
    if (error instanceof CliError) return context.html(problem('Not found', error.message), 404);
    return context.html(problem('Something went wrong', sentence(error)), 500);
  });
  return app;
}

/** Makes a page from what its address asks for. Throws CliError where that is not there. */
export type ShowPage = (store: Store, query: Record<string, string>, people: People) => Promise<Html>;

function problem(title: string, text: string): Html {
  return framed({ title, at: null, body: html`<h1>${title}</h1><p class="note bad">${text}</p>` });
}

const sheets = ['base', 'frame', 'parts', 'executions', 'answers', 'print'].map(name => `style/${name}.css`);

function read(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}

function send(context: Context, text: string, type: string): Response {
  return context.body(text, 200, { 'Content-Type': type });
}
