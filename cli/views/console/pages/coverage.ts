import { dayMillis } from '../../../../core/records/times.ts';
import { UsageError } from '../../../failure.ts';
import { timeIn } from '../../../queries/arguments.ts';
import { accountsOf, digestsOf, filesByHour, firstDelivered } from '../../../queries/coverage.ts';
import type { Store } from '../../../queries/store.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { digestRows } from '../parts/digest-rows.ts';
import { framed } from './page.ts';

const hours = [...Array(24).keys()].map(hour => String(hour).padStart(2, '0'));

/** Which hours of a day log files were delivered for, by account and region, and what their digests say: where answers may be missing or forged. */
export async function coveragePage(store: Store, query: Record<string, string>): Promise<Html> {
  const accounts = await accountsOf(store);
  const account = query.account || (await firstDelivered(accounts, store)) || accounts[0] || '';
  if (!/^\d{12}$/.test(account)) throw new UsageError(`${account} is not an account ID`);
  const last = await store.ledger.lastHour(account);
  const newest = last ? `${last.slice(0, 4)}-${last.slice(4, 6)}-${last.slice(6, 8)}` : null;
  const day = query.day ? timeIn(query.day).slice(0, 10) : newest;
  const other = (days: number) =>
    new Date(Date.parse(day ?? '') + days * dayMillis).toISOString().slice(0, 10);
  return framed({
    title: 'Coverage',
    at: 'coverage',
    body: html`<div class="head"><h1>Coverage</h1></div>
<p class="sub">Log files that were processed completely, by the hour in their names. An hour without log files is a gap only if the account was in use: CloudTrail writes no file when nothing happened.</p>
<form class="filters" action="/coverage"><label>Account<input name="account" value="${account}" list="accounts" inputmode="numeric"></label>
<datalist id="accounts">${accounts.map(each => html`<option value="${each}"></option>`)}</datalist>
<label class="short">Day<input name="day" value="${day ?? ''}" placeholder="2025-03-11"></label><button>Show</button></form>
${day ? await ofDay(store, account, day) : html`<p class="empty">Nothing was delivered for account ${account}. ${accounts.length > 1 ? `Accounts with log files here: ${accounts.join(', ')}.` : 'Log files are counted when an execution has processed them.'}</p>`}
${day ? html`<nav class="pager" aria-label="Days"><a href="${link('/coverage', { account, day: other(-1) })}">Day before</a><a href="${link('/coverage', { account, day: other(1) })}">Day after</a></nav>` : null}`,
  });
}

async function ofDay(store: Store, account: string, day: string): Promise<Html> {
  const delivered = await store.ledger.coverage(account, `${day}T00:00:00Z`, `${day}T23:00:00Z`);
  const regions = [...new Set(delivered.map(({ region }) => region))].sort();
  const digests = await digestsOf({ account, day, regions }, store);
  const map =
    regions.length === 0
      ? html`<p class="empty">Nothing was delivered on ${day}.</p>`
      : await heatMap(store, account, day, regions);
  return html`${map}<section><h2>Digests that CloudTrail signed</h2>${digestRows(digests)}</section>`;
}

async function heatMap(
  store: Store,
  account: string,
  day: string,
  regions: readonly string[],
): Promise<Html> {
  const rows = [];
  for (const region of regions)
    rows.push({ region, files: await filesByHour({ account, region, day }, store) });
  return html`<div class="panel scroll"><table class="heat"><caption class="sub">${account}, ${day}: files by hour</caption>
<thead><tr><td></td>${hours.map(hour => html`<th scope="col">${hour}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ region, files }) =>
      html`<tr><th scope="row">${region}</th>${hours.map(hour => {
        const count = files.get(hour) ?? 0;
        return html`<td class="h${heatOf(count)}" title="${region} ${hour}:00: ${count} files">${count > 0 ? count : ''}</td>`;
      })}</tr>`,
  )}</tbody></table></div>`;
}

// CloudTrail writes about a file every five minutes where there is something to write: twelve an hour is all.
function heatOf(files: number): number {
  return files === 0 ? 0 : files < 3 ? 1 : files < 6 ? 2 : files < 12 ? 3 : 4;
}
