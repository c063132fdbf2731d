import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Locator } from 'playwright-core';
import { sendObjectAgain } from '../../cli/quarantine/send-again.ts';
import { serveConsole } from '../../cli/views/console/server.ts';
import { deploymentOf, shownOf, taken } from '../cli/views/console/deployment-fixture.ts';
import { project, roletrail, temporaryFolder } from './roletrail.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
// Without a browser on the machine there is nothing to look with: reported as skipped, by this name.
const withBrowser = executablePath ? describe : describe.skip;
const state = join(temporaryFolder(), 'state');

withBrowser('the console in a browser (needs chromium)', () => {
  let started: Started;
  let browser: Browser;
  let address = '';
  /** what was printed until there was an address */
  let before = '';

  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    started = start(['start', '--console', '--state', state]);
    await started.prints(/open (http:\S+)\n/);
    before = started.out();
    address = /open (http:\S+)\n/.exec(before)?.[1] ?? '';
  });

  afterAll(async () => {
    await browser?.close();
    await started.end();
  });

  test('the replay is watched from its beginning: the page looks again by itself, other commands can ask', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    expect(before).not.toContain('Look closer');
    await page.goto(address);
    const asked = await roletrail(['executions', '--json', '--state', state]);
    expect(asked.status).toBe(0);
    await page.locator('.badge.good').nth(2).waitFor();
    await started.prints(/linked to who is behind them/);
    await page.locator('.live', { hasText: 'follow live' }).waitFor();
    await page.close();
  });

  test('the incident is followed from the list to the record; nothing is asked of another machine', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    const complaints: string[] = [];
    const hosts = new Set<string>();
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(error.message));
    page.on('request', request => hosts.add(new URL(request.url()).hostname));

    // The next page is there before it is read: what was clicked on may have the same words.
    const arrives = async (act: () => Promise<void>) => {
      const from = page.url();
      await act();
      await page.waitForURL(({ href }) => href !== from);
    };
    const follow = (link: Locator) => arrives(() => link.click());
    const search = (words: string) =>
      arrives(async () => {
        await page.getByRole('searchbox').fill(words);
        await page.keyboard.press('Enter');
      });

    await page.goto(address);
    expect(page.url()).not.toContain('token');
    await follow(page.locator('td a', { hasText: 'json.gz' }).first());
    expect(await page.locator('svg.graph g.state.succeeded').count()).toBeGreaterThan(5);
    expect(await page.locator('details.state', { hasText: 'Correlate' }).textContent()).toContain('linked');

    await search('arn:aws:iam::111111111111:user/mreyes');
    await follow(page.getByRole('link', { name: 'db-maintenance' }));
    expect(await page.locator('ol.chain li.party b').allTextContents()).toEqual([
      'mreyes',
      'CrossAccountTest',
      'DataAdmin',
    ]);
    const session = page.url();
    const section = (title: string) =>
      page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
    expect(await section('What it touched').locator('tbody tr td').first().textContent()).toContain(
      'svc-backup-sync',
    );
    expect(await section('Refused').locator('tbody').textContent()).toContain('AttachUserPolicy');
    expect(await section('Clients').locator('tbody tr').count()).toBeGreaterThan(0);
    await follow(section('Calls').locator('table a').first());
    const record = JSON.parse((await page.locator('pre').first().textContent()) ?? '') as {
      eventName: string;
    };
    expect(record.eventName).toBe('GetCallerIdentity');

    await follow(page.getByRole('link', { name: 'Activity' }));
    await page.getByLabel('Person').fill('MREYES');
    await page.getByLabel('Changes only').check();
    await follow(page.getByRole('button', { name: 'Show' }));
    await page.locator('td', { hasText: 'iam CreateAccessKey' }).waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(10);
    await follow(page.getByRole('link', { name: 'svc-backup-sync' }).first());
    await follow(page.getByRole('link', { name: '203.0.113.77' }).first());
    expect(await page.locator('td', { hasText: 'nobody known' }).count()).toBeGreaterThan(0);
    await search('HARBOUR-LEDGER');
    await follow(page.getByRole('link', { name: 'harbour-ledger', exact: true }));
    expect(await page.locator('h1').textContent()).toBe('arn:aws:s3:::harbour-ledger');
    await search('asiaexampledb');
    expect(await page.locator('ol.chain li.party b').first().textContent()).toBe('mreyes');

    await follow(page.getByRole('link', { name: 'Coverage' }));
    expect(await page.locator('.heat td.h2').count()).toBeGreaterThan(0);
    await follow(page.getByRole('link', { name: 'Refused' }));
    await follow(page.getByRole('link', { name: 'with ASIAEXAMPLENOISSUER1' }));
    expect(await page.locator('.note.bad').first().textContent()).toContain('Alerted');
    await follow(page.getByRole('link', { name: 'Alerts' }).first());
    await follow(page.getByRole('link', { name: 'ASIAEXAMPLENOISSUER1' }));
    expect(await page.locator('.badge').first().textContent()).toBe('unlinked');
    await page.keyboard.press('Tab');
    await arrives(() => page.keyboard.press('Enter'));
    expect(new URL(page.url()).hash).toBe('#main');
    await page.setViewportSize({ width: 390, height: 800 });
    const sideways: string[] = [];
    // Gone to, not clicked: only so is the style sheet there for certain.
    const activity = ['/calls', '/people', '/resources'];
    const others = ['/alerts', '/refused', '/coverage', '/quarantine', session];
    for (const path of ['/', '/sessions', ...activity, ...others]) {
      await page.goto(new URL(path, address).href);
      const wider = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
      if (wider) sideways.push(path);
    }
    expect(sideways).toEqual([]);
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual(['127.0.0.1']);
  });

  // Only a browser tells what origin it sends a form with.
  test('the button that sends something of the quarantine again is let through', async () => {
    const holds = oneRefused();
    const served = await serveConsole(shownOf(holds), 0);
    const page = await browser.newPage({ javaScriptEnabled: false });
    try {
      await page.goto(served.address);
      await page.goto(new URL('/quarantine?key=quarantine%2F2025-03-11%2Fone.ndjson', served.address).href);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.waitForURL(/\/quarantine\?key=/);
      expect(holds.sent).toHaveLength(1);
      expect(JSON.stringify(holds.sent)).toContain('AWSLogs/one.json.gz');
    } finally {
      await page.close();
      await served.close();
    }
  });
});

/** A quarantine with one log file in it, and what is put on a queue. */
function oneRefused() {
  const sent: unknown[] = [];
  const header = {
    execution: 'logs-one',
    at: '2025-03-11T09:00:00.000Z',
    count: 1,
    failure: null,
    input: null,
  };
  const refusal = {
    step: 'Fetch',
    error: 'AccessDenied',
    message: 'no',
    source: 's3://trail/AWSLogs/one.json.gz',
  };
  const key = 'quarantine/2025-03-11/one.ndjson';
  const held = { quarantined: [{ key, header, refusals: [refusal], arrived: [] }] };
  const clients = {
    s3: { PutObject: () => undefined },
    sqs: { SendMessageBatch: taken(sent) },
  };
  const sendAgain = (asked: string) => sendObjectAgain(asked, deploymentOf(held, clients));
  return { ...held, sendAgain, sent };
}

interface Started {
  out(): string;
  /** resolves once what it has printed matches; rejects when it ends before */
  prints(what: RegExp): Promise<void>;
  end(): Promise<void>;
}

/** Starts the command as a user does, to be ended by Ctrl-C. */
function start(words: string[]): Started {
  const child = spawn(process.execPath, [join(project, 'bin', 'roletrail.mjs'), ...words], { cwd: project });
  let out = '';
  const heard: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const listener of heard) listener();
  });
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  return {
    out: () => out,
    prints: what =>
      new Promise((resolve, reject) => {
        const look = () => what.test(out) && resolve();
        heard.push(look);
        look();
        void ended.then(() => reject(new Error(`it ended: ${out}`)));
      }),
    end: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
