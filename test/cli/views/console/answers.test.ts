import { strFromU8, unzipSync } from 'fflate';
import { answer, delivered, hop, unlinked } from '../../fixtures.ts';
import type { HeldCall } from '../../queries/memory-store.ts';
import { appOf, ask, page } from './deployment-fixture.ts';

const call = (index: number, more: Partial<HeldCall> = {}): HeldCall => ({
  credential: 'ASIAONE',
  eventID: `${String(index).padStart(8, '0')}-call`,
  recipientAccountId: '999999999999',
  provenance: 'trail',
  eventTime: new Date(Date.UTC(2025, 2, 11, 9, 0, index)).toISOString().replace('.000', ''),
  eventName: 'ListBuckets',
  eventSource: 's3.amazonaws.com',
  awsRegion: 'us-east-1',
  errorCode: null,
  sourceIPAddress: '198.51.100.1',
  agent: 'aws-cli',
  use: 'use-1',
  request: null,
  amends: null,
  ...more,
});
const idsIn = (text: string) => [...text.matchAll(/<code>(\d{8}-call)<\/code>/g)].map(([, id]) => id);
const nameOf = '/session?id=ASIAONE.00000000';

describe('a session', () => {
  test('is drawn from the person over each role, with rule and proof, and says what to look at', async () => {
    const chain = [
      hop('DataAdmin', ['issue-2'], '2025-03-11T09:21:40Z'),
      hop('CrossAccountTest', ['issue-1', 'issue-1-copy'], '2025-03-11T09:12:04Z'),
    ];
    const text = await page(
      { answers: [answer({ chain, flags: ['used-after-expiry'] })], calls: [call(1)] },
      nameOf,
    );
    const order = [
      '>jsmith<',
      '2025-03-11 09:12:04',
      '>CrossAccountTest<',
      '2025-03-11 09:21:40',
      '>DataAdmin<',
    ];
    const places = order.map(part => text.indexOf(part, text.indexOf('<ol class="chain"')));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).toContain('href="/event?id=issue-1-copy"');
    expect(text).toContain('by the key it issued');
    expect(text).toContain('the credential was used after it had expired');
  });

  test('has its calls a page at a time: every one once, of its own principal only', async () => {
    const calls = [...Array(250).keys()].map(index =>
      call(index, { use: index % 50 === 49 ? 'another' : 'use-1' }),
    );
    const holds = { answers: [answer()], calls };
    const seen: (string | undefined)[] = [];
    let path: string | undefined = nameOf;
    let pages = 0;
    while (path) {
      const text: string = await page(holds, path);
      seen.push(...idsIn(text));
      pages += 1;
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(calls.filter(each => each.use === 'use-1').map(each => each.eventID));
  });

  test('whoever wrote the log cannot write the page', async () => {
    const name = '<img src=x onerror=alert(1)>\u202egpj\u001b';
    const holds = {
      answers: [answer({ sessionName: name, reason: name, sourceIdentity: name })],
      calls: [call(1, { agent: name, errorCode: name, sourceIPAddress: name, eventName: name })],
    };
    const text = await page(holds, nameOf);
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;\\u{202e}gpj\\u{1b}');
    for (const raw of ['<img', '\u001b', '\u202e']) expect(text).not.toContain(raw);
  });

  test('that its own record names is not an open chain, and says why nothing joins it', async () => {
    const text = await page({ answers: [delivered] }, `/session?id=${delivered.session}`);
    expect(text).toContain('<li class="note">Named by the record: made by the product provider</li>');
    expect(text).toContain('the record of each call names who made it');
    expect(text).toContain('<dt>Kind</dt><dd>product provider with delegated access</dd>');
    expect(text).toContain(
      '<dt>Access approved</dt><dd>by CrossAccountTest/test (role session, account 999999999999)</dd>',
    );
    expect(text).not.toContain('stays open');
    const list = await page({ answers: [delivered] }, '/sessions?role=CrossAccountTest');
    expect(list).toContain('<b>account 333333333333</b>');
    expect(list).toContain('>delivered</span>');
  });

  test('of a run of a pipeline has what its subject says', async () => {
    const ci = { system: 'buildkite' as const, pipeline: 'acme/web', tag: 'v1', step: 'ship' };
    const text = await page({ answers: [answer({ ci })] }, `/session?id=${answer().session}`);
    expect(text).toContain('<dt>Run</dt><dd>Buildkite, pipeline acme/web, tag v1, step ship</dd>');
  });

  test('has its kind, the sign-ins its hops cite, and a hop of which several issuances fit', async () => {
    const several = {
      ...hop('CrossAccountTest', ['issue-1', 'issue-2'], '2025-03-11T09:00:00Z'),
      grants: ['token-1'],
      issuance: 'ambiguous' as const,
    };
    const text = await page({ answers: [answer({ kind: 'agent', chain: [several] })] }, nameOf);
    expect(text).toContain('<span>AI agent acting for them</span>');
    expect(text).toContain('one of these issuances, all of one origin');
    expect(text).toContain('href="/event?id=token-1"');
    const list = await page({ answers: [answer({ kind: 'agent' })] }, '/sessions?role=CrossAccountTest');
    expect(list).toContain('<b>jsmith</b> · AI agent acting for them');
  });

  test('whose issuance lies outside the logs is among those not explained', async () => {
    const unknown = unlinked({ status: 'unknown', reason: 'outside these logs' });
    const text = await page({ answers: [unknown] }, '/sessions?show=open');
    expect(text).toContain('Not explained by these logs');
    expect(text).toContain('>unknown</span>');
    expect(await page({ answers: [unknown] }, `/session?id=${unknown.session}`)).toContain(
      'These logs do not cover the time and account of its issuance.',
    );
  });

  test('that nobody knows is said to be not there', async () => {
    expect(await page({}, nameOf)).toContain('no session is called ASIAONE.00000000');
  });
});

describe('integrity and evidence', () => {
  const source = `s3://trail/AWSLogs/999999999999/CloudTrail/us-east-1/2025/03/11/999999999999_CloudTrail_us-east-1_20250311T0905Z_AbCdEfGhIjKlMnOp.json.gz`;
  const copy = (eventID: string) => ({
    eventID,
    recipientAccountId: '999999999999',
    provenance: 'trail' as const,
    digest: 'd1',
    source,
    execution: 'x',
    record: JSON.stringify({
      eventID,
      eventTime: '2025-03-11T09:00:00Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'ListBuckets',
      awsRegion: 'us-east-1',
      recipientAccountId: '999999999999',
      userIdentity: {
        type: 'AssumedRole',
        accessKeyId: 'ASIAONE',
        arn: 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/test',
        principalId: 'AROAEXAMPLE:test',
      },
    }),
  });
  const verdict = {
    bucket: 'trail',
    key: source.slice('s3://trail/'.length),
    etag: null,
    verdict: 'tampered' as const,
    problem: 'hash-differs',
    reason: 'the file was changed',
    digest: 's3://trail/digest-one',
    at: '2025-03-11T11:00:00Z',
  };
  const holds = {
    answers: [answer()],
    calls: [call(1)],
    evidence: [copy('issue-1'), copy(call(1).eventID)],
    verdicts: [verdict],
    // The trail bucket is empty: the digest that is cited is gone.
  };
  const mark =
    '<span class="verdict tampered" title="the file was changed, by s3://trail/digest-one">tampered</span>';

  test('a session says what became of the file of each proof', async () => {
    expect(await page(holds, nameOf)).toContain(mark);
  });

  test('an event says it of its record', async () => {
    expect(await page(holds, `/event?id=${call(1).eventID}`)).toContain(mark);
  });

  test('a bundle is handed out as a file, with the verdicts and every record', async () => {
    const app = appOf(holds);
    const response = await ask(app, '/evidence?id=ASIAONE.00000000');
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    const read = (name: string) => strFromU8(files[name] ?? new Uint8Array());
    expect(JSON.parse(read('report.json'))).toMatchObject({
      calls: [call(1).eventID],
      integrity: [{ source, verdict: 'tampered', digest: 's3://trail/digest-one' }],
    });
    expect(read('records.ndjson').trim().split('\n')).toHaveLength(2);
    expect(JSON.parse(read('proofs.json'))).toEqual({
      digests: [expect.objectContaining({ uri: 's3://trail/digest-one', path: null, signature: null })],
      logs: null,
    });
    const whole = await ask(app, '/evidence?id=ASIAONE.00000000&logs=with');
    const listed = strFromU8(
      unzipSync(new Uint8Array(await whole.arrayBuffer()))['proofs.json'] as Uint8Array,
    );
    expect(JSON.parse(listed)).toMatchObject({ logs: [{ uri: source, path: null }] });
    expect((await ask(app, '/evidence?id=nobody')).status).toBe(404);
  });
});

describe('an event', () => {
  const record = JSON.stringify({
    eventID: 'e-1',
    eventTime: '2025-03-11T09:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    awsRegion: 'us-east-1',
    recipientAccountId: '999999999999',
    userAgent: '</pre><script>',
    userIdentity: {
      type: 'AssumedRole',
      accessKeyId: 'ASIAONE',
      arn: 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/test',
      principalId: 'AROAEXAMPLE:test',
    },
  });
  const evidence = [
    {
      eventID: 'e-1',
      recipientAccountId: '999999999999',
      provenance: 'trail' as const,
      digest: 'd1',
      source: 's3://b/k',
      execution: 'x',
      record,
    },
  ];

  test('is shown whole, with its source and digest', async () => {
    const text = await page({ evidence }, '/event?id=e-1');
    expect(text).toContain('s3://b/k');
    expect(text).toContain('<code>d1</code>');
    expect(text).toContain('&quot;userAgent&quot;: &quot;&lt;/pre&gt;&lt;script&gt;&quot;');
  });

  test('is found by the search, and what is not known is said', async () => {
    expect(await page({ evidence }, '/search?q=e-1')).toBe('');
    expect(await page({}, '/search?q=%3Ci%3E')).toContain('Nothing is known of &lt;i&gt;');
  });

  test('a role of the audited account is found by its name', async () => {
    const response = await ask(appOf({ answers: [answer()] }), '/search?q=CrossAccountTest');
    expect(response.headers.get('location')).toBe('/sessions?role=CrossAccountTest');
  });
});
