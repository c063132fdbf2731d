import { appOf, ask, host, token } from './deployment-fixture.ts';

const app = appOf({});

describe('who may look', () => {
  test('nobody without the token, nor with another', async () => {
    expect((await ask(app, '/', { cookie: '' })).status).toBe(403);
    expect((await ask(app, '/?token=another', { cookie: '' })).status).toBe(403);
    expect((await ask(app, '/style.css', { cookie: '' })).status).toBe(403);
  });

  test('the token is taken from the address into a cookie that scripts and other sites do not get', async () => {
    const let_in = await ask(app, `/?status=FAILED&token=${token}`, { cookie: '' });
    expect(let_in.status).toBe(303);
    expect(let_in.headers.get('location')).toBe('/?status=FAILED');
    expect(let_in.headers.get('set-cookie')).toBe(
      `roletrail-4711=${token}; Path=/; HttpOnly; SameSite=Strict`,
    );
    expect((await ask(app, '/')).status).toBe(200);
  });

  test.each([
    '//evil.example/',
    '///evil.example/',
    '/\\evil.example/',
    '//evil.example/%2e%2e/',
    '/./\\evil.example',
  ])('the token leads on to a page of the console, not by %s to another site', async path => {
    const there = `http://${host}/`;
    const { headers } = await ask(app, `${path}?token=${token}`, { cookie: '' });
    const location = headers.get('location');
    if (location !== null) expect(new URL(location, there).host).toBe(host);
  });

  test.each([
    'evil.example',
    'evil.example:4711',
    '127.0.0.1.evil.example',
    '127.0.0.1:4711@evil.example',
    '',
  ])('not under the host name %j, whatever it knows', async name => {
    expect((await ask(app, `/?token=${token}`, { host: name })).status).toBe(421);
  });

  test('not for a form of another site', async () => {
    expect((await ask(app, '/', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask(app, '/', { origin: `http://${host}` })).status).toBe(200);
  });

  test.each(['/', '/no-such-page', '/execution?name=x', '/style.css'])(
    '%s may run no script and load nothing from elsewhere',
    async path => {
      const { headers } = await ask(app, path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/script-src|unsafe|https?:/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    },
  );
});
