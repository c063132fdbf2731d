import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { project, temporaryFolder } from './roletrail.ts';

jest.setTimeout(90_000);

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
// Without a browser on the machine there is nothing to look with: reported as skipped, by this name.
const withBrowser = executablePath ? describe : describe.skip;
const state = join(temporaryFolder(), 'state');

withBrowser('the console in a browser (needs chromium)', () => {
  let started: ChildProcess;
  let browser: Browser;
  let address = '';

  beforeAll(async () => {
    started = spawn(
      process.execPath,
      [join(project, 'bin', 'roletrail.mjs'), 'start', '--console', '--state', state],
      {
        cwd: project,
      },
    );
    address = await addressFrom(started);
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
  });

  afterAll(async () => {
    await browser?.close();
    const ended = new Promise(resolve => started.once('close', resolve));
    started.kill('SIGINT');
    await ended;
  });

  test('the incident is followed from the list to the record; nothing is asked of another machine', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    const complaints: string[] = [];
    const hosts = new Set<string>();
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(error.message));
    page.on('request', request => hosts.add(new URL(request.url()).hostname));

    await page.goto(address);
    expect(page.url()).not.toContain('token');
    await page.locator('td a', { hasText: 'json.gz' }).first().click();
    expect(await page.locator('svg.graph g.state.succeeded').count()).toBeGreaterThan(5);
    expect(await page.locator('details.state', { hasText: 'Correlate' }).textContent()).toContain('linked');

    await page.getByRole('searchbox').fill('arn:aws:iam::111111111111:user/mreyes');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'db-maintenance' }).click();
    expect(await page.locator('ol.chain li.party b').allTextContents()).toEqual([
      'mreyes',
      'CrossAccountTest',
      'DataAdmin',
    ]);
    await page.locator('table a').first().click();
    const record = JSON.parse((await page.locator('pre').first().textContent()) ?? '') as {
      eventName: string;
    };
    expect(record.eventName).toBe('GetCallerIdentity');

    await page.getByRole('link', { name: 'Coverage' }).click();
    expect(await page.locator('.heat td.h2').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual(['127.0.0.1']);
  });
});

/** The address the command prints once it serves. Rejects when it ends before. */
function addressFrom(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const found = /open (http:\S+)\n/.exec(out)?.[1];
      if (found) resolve(found);
    });
    child.once('close', status => reject(new Error(`ended with ${status}: ${out}`)));
  });
}
