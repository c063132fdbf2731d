import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Cloud } from '@roletrail/local';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openState, prepareState } from '../../cli/deployment/local-cloud.ts';
import { needsOf, replayConfig } from '../../cli/replay/config.ts';
import { parseConfig } from '../../infra/config.ts';
import base from '../../samples/roletrail.json' with { type: 'json' };
import { signedHeaders } from '../local/signing.ts';
import { temporaryFolder } from './roletrail.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
// Without a browser on the machine there is nothing to attack with: reported as skipped, by this name.
const withBrowser = executablePath ? describe : describe.skip;
const state = join(temporaryFolder(), 'state');

withBrowser('a page of another site, beside the embedded cloud (needs chromium)', () => {
  let cloud: Cloud;
  let browser: Browser;
  let site: Server;
  let Bucket: string;

  beforeAll(async () => {
    await prepareState(state, replayConfig(parseConfig(base, 'samples'), [], needsOf([])));
    cloud = await openState(state);
    Bucket = cloud.outputs.roletrail?.TrailBucketName ?? '';
    await s3().send(new PutObjectCommand({ Bucket, Key: 'evidence', Body: 'who did it' }));
    site = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>a page'));
    await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      // What a name server of the attacker's does: its names lead to this machine.
      args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP *.example 127.0.0.1'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await cloud?.close();
  });

  const s3 = () => {
    const { endpoint, region, credentials } = cloud;
    return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  };

  const evidence = async () =>
    (await s3().send(new GetObjectCommand({ Bucket, Key: 'evidence' }))).Body?.transformToString();

  /** What a page gets for a request, with the headers of a signature that is right in all but who sends it. */
  async function asked(page: Page, method: string, url: string): Promise<unknown> {
    // A page cannot set Host: the browser does, and it is the one that was signed.
    const { host: _, ...headers } = signedHeaders({
      ...{ method, url, service: 's3', key: cloud.credentials, region: cloud.region },
    });
    return page.evaluate(
      async ask => {
        try {
          const answer = await fetch(ask.url, { method: ask.method, headers: ask.headers });
          return { status: answer.status, text: await answer.text() };
        } catch (error) {
          return String(error);
        }
      },
      { method, url, headers },
    );
  }

  test('its name leads here, and it reads and deletes nothing, even if it knew the key', async () => {
    const page = await browser.newPage();
    const address = `http://rebound.example:${new URL(cloud.endpoint).port}`;
    expect((await page.goto(`${address}/`))?.status()).toBe(421);

    for (const method of ['GET', 'DELETE'])
      expect(await asked(page, method, `${address}/${Bucket}/evidence`)).toMatchObject({ status: 421 });
    expect(await evidence()).toBe('who did it');
    await page.close();
  });

  test('it asks this machine by its own name, and hears nothing', async () => {
    const page = await browser.newPage();
    const { port } = site.address() as AddressInfo;
    await page.goto(`http://other.example:${port}/`);

    for (const method of ['GET', 'DELETE'])
      expect(await asked(page, method, `${cloud.endpoint}/${Bucket}/evidence`)).toMatch(/Failed to fetch/);
    expect(await evidence()).toBe('who did it');
    await page.close();
  });
});
