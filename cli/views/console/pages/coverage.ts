import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { requiredArn } from '../../../../core/records/arn.ts';
import { dayMillis } from '../../../../core/records/times.ts';
import type { Deployment } from '../../../deployment/deployment.ts';
import { UsageError } from '../../../failure.ts';
import { timeIn } from '../../../queries/time.ts';
import { type Html, html } from '../../text/html.ts';
import { link } from '../link.ts';
import { digestRows, digestsOf } from '../parts/digest-rows.ts';
import { framed } from './page.ts';

const hours = [...Array(24).keys()].map(hour => String(hour).padStart(2, '0'));

/** Which hours of a day log files were delivered for, by account and region, and what their digests say: where answers may be missing or forged. */
export async function coveragePage(deployment: Deployment, query: Record<string, string>): Promise<Html> {
  const accounts = await accountsOf(deployment);
  const account = query.account || (await firstDelivered(deployment, accounts)) || accounts[0] || '';
  if (!/^\d{12}$/.test(account)) throw new UsageError(`${account} is no account id`);
  const last = await deployment.ledger.lastHour(account);
  const newest = last ? `${last.slice(0, 4)}-${last.slice(4, 6)}-${last.slice(6, 8)}` : null;
  const day = query.day ? timeIn(query.day).slice(0, 10) : newest;
  const other = (days: number) =>
    new Date(Date.parse(day ?? '') + days * dayMillis).toISOString().slice(0, 10);
  return framed({
    title: 'Coverage',
    at: 'coverage',
    body: html`<div class="head"><h1>Coverage</h1></div>
<p class="sub">Log files that were processed to the end, by the hour in their names. An hour without any is a gap only where the account was in use: CloudTrail writes no file when there is nothing to write.</p>
<form class="filters" action="/coverage"><label>Account<input name="account" value="${account}" list="accounts" inputmode="numeric"></label>
<datalist id="accounts">${accounts.map(each => html`<option value="${each}"></option>`)}</datalist>
<label class="short">Day<input name="day" value="${day ?? ''}" placeholder="2025-03-11"></label><button>Show</button></form>
${day ? await ofDay(deployment, account, day) : html`<p class="empty">Nothing was delivered for account ${account}. ${accounts.length > 1 ? `Accounts with log files here: ${accounts.join(', ')}.` : 'Log files are counted once an execution has read them to the end.'}</p>`}
${day ? html`<nav class="pager" aria-label="Days"><a href="${link('/coverage', { account, day: other(-1) })}">Day before</a><a href="${link('/coverage', { account, day: other(1) })}">Day after</a></nav>` : null}`,
  });
}

async function ofDay(deployment: Deployment, account: string, day: string): Promise<Html> {
  const { ledger } = deployment;
  const delivered = await ledger.coverage(account, `${day}T00:00:00Z`, `${day}T23:00:00Z`);
  const regions = [...new Set(delivered.map(({ region }) => region))].sort();
  const digests = await digestsOf(deployment, account, day, regions);
  const map =
    regions.length === 0
      ? html`<p class="empty">Nothing was delivered on ${day}.</p>`
      : await heatMap(deployment, account, day, regions);
  return html`${map}<section><h2>Digests that CloudTrail signed</h2>${digestRows(digests)}</section>`;
}

async function heatMap(
  { ledger }: Deployment,
  account: string,
  day: string,
  regions: readonly string[],
): Promise<Html> {
  const rows = [];
  for (const region of regions) rows.push({ region, files: await filesByHour(ledger, account, region, day) });
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

async function filesByHour(
  ledger: Deployment['ledger'],
  account: string,
  region: string,
  day: string,
): Promise<Map<string, number>> {
  const compact = day.replaceAll('-', '');
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for await (const { key } of ledger.files(account, region, compact)) {
    const time = /_(\d{8})T(\d\d)\d\dZ_[^/]*$/.exec(key);
    if (time?.[1] !== compact) break;
    // Processed again for other roles, or with other bytes, it is still one file of that hour.
    if (!seen.has(key)) counts.set(time[2] ?? '', (counts.get(time[2] ?? '') ?? 0) + 1);
    seen.add(key);
  }
  return counts;
}

/** The production account, and those whose folders are in the trail bucket, also below an organisation's. */
async function accountsOf(deployment: Deployment): Promise<string[]> {
  const { account: own } = requiredArn(deployment.outputs.StateMachineArn);
  const folders = await foldersIn(deployment, 'AWSLogs/');
  const organisations = folders.filter(name => /^o-[a-z0-9]{10,32}$/.test(name)).slice(0, mostOrganisations);
  for (const each of organisations) folders.push(...(await foldersIn(deployment, `AWSLogs/${each}/`)));
  return [...new Set([own, ...folders.filter(name => /^\d{12}$/.test(name))])];
}

/** A trail is one organisation's; a folder that was replayed may hold some. */
const mostOrganisations = 5;
/** Accounts that are asked whether anything was delivered for them, to open the page at one that has something. */
const mostAsked = 20;

async function foldersIn({ s3, outputs }: Deployment, Prefix: string): Promise<string[]> {
  const { CommonPrefixes = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: outputs.TrailBucketName, Prefix, Delimiter: '/' }),
  );
  return CommonPrefixes.map(each => (each.Prefix ?? '').slice(Prefix.length, -1));
}

/** What was replayed need not be of the account that the stack is made for. */
async function firstDelivered(
  { ledger }: Deployment,
  accounts: readonly string[],
): Promise<string | undefined> {
  for (const account of accounts.slice(0, mostAsked)) if (await ledger.lastHour(account)) return account;
  return undefined;
}
