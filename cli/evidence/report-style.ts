import { createHash } from 'node:crypto';
import { html } from '../views/text/html.ts';

/** The page's style sheet, in the page: it must look the same in ten years, on a machine without a network. */
export const style = html`<style>
:root {
  color-scheme: light;
  --ink: #16202a;
  --soft: #5c6975;
  --line: #dce1e6;
  --bad: #b3261e;
  --warn: #8a5a00;
  --good: #1a7a3c;
}
* {
  box-sizing: border-box;
}
body {
  margin: 0 auto;
  max-width: 76rem;
  padding: 1.5rem;
  color: var(--ink);
  background: #fff;
  font: 14px / 1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
}
/* A name in a right-to-left script must not change the direction of the text next to it. */
td,
dd,
code,
span,
li,
h1,
b {
  unicode-bidi: isolate;
  overflow-wrap: anywhere;
}
h1 {
  margin: 0;
  font-size: 1.5rem;
}
h2 {
  margin: 1.8rem 0 0.5rem;
  font-size: 1.05rem;
}
p {
  margin: 0.4rem 0;
  max-width: 60rem;
}
.sub {
  color: var(--soft);
}
code {
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: 0.86em;
}
dl {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 0.15rem 1rem;
  margin: 0.8rem 0;
}
dt {
  color: var(--soft);
}
dd {
  margin: 0;
}
.note {
  border-left: 3px solid var(--warn);
  background: #fdf3dc;
  padding: 0.4rem 0.7rem;
}
.note.bad {
  border-color: var(--bad);
  background: #fcebea;
}
ol {
  padding-left: 1.4rem;
}
li {
  margin: 0.4rem 0;
}
table {
  width: 100%;
  border-collapse: collapse;
  font-size: 0.86rem;
}
th,
td {
  text-align: left;
  vertical-align: top;
  padding: 0.3rem 0.6rem 0.3rem 0;
  border-bottom: 1px solid var(--line);
}
th {
  color: var(--soft);
  font-weight: 600;
}
td.n,
th.n {
  text-align: right;
}
td.time,
td.keep {
  white-space: nowrap;
}
tr.bad td {
  color: var(--bad);
}
.mark {
  font-weight: 600;
}
.mark.bad {
  color: var(--bad);
}
.mark.warn {
  color: var(--warn);
}
.mark.good {
  color: var(--good);
}
thead {
  display: table-header-group;
}
tr {
  break-inside: avoid;
}
@media print {
  body {
    padding: 0;
    font-size: 11px;
  }
}
</style>`;

const text = `${style}`.slice('<style>'.length, -'</style>'.length);

/** The page may have this very style sheet and nothing else, whatever a record says. */
export const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`;
