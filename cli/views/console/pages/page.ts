import { type Html, html, type Value } from '../../text/html.ts';

export interface Page {
  title: string;
  /** the entry of the navigation that it belongs to */
  at: (typeof entries)[number][0] | null;
  body: Value;
  /** seconds until it is loaded again; null: never */
  refresh?: number | null;
  search?: string;
}

const entries = [
  ['executions', '/', 'Executions'],
  ['sessions', '/sessions', 'Answers'],
  ['activity', '/calls', 'Activity'],
  ['alerts', '/alerts', 'Alerts'],
  ['refused', '/refused', 'Refused'],
  ['coverage', '/coverage', 'Coverage'],
  ['quarantine', '/quarantine', 'Quarantine'],
] as const;

/** The frame around every page. */
export function framed({ title, at, body, refresh, search }: Page): Html {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh ? html`<meta http-equiv="refresh" content="${refresh}">` : null}
<title>${title} · roletrail</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/"><span class="mark" aria-hidden="true"></span>roletrail</a>
<nav aria-label="Sections">${entries.map(
    ([name, href, label]) =>
      html`<a href="${href}"${name === at ? html` aria-current="page"` : null}>${label}</a>`,
  )}</nav>
<form class="search" action="/search" role="search">
<input type="search" name="q" value="${search ?? ''}" required aria-label="Search" placeholder="Name, ARN, address, resource, account, key, event…">
<button>Search</button>
</form>
</header>
<main id="main">${body}</main>
<footer class="foot">All times are UTC. Shown as stored; control characters of the logs are written as <code>${'\\u{..}'}</code>.</footer>
</body>
</html>`;
}
