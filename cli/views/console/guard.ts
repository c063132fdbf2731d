import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { sameSecret } from '../../../core/hash.ts';
import { ownPath } from './link.ts';

/**
 * What the pages may do: show markup, one style sheet and forms that lead back here. No script at all, nothing from
 * elsewhere, no frame around it.
 */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not no-referrer: browsers then send the forms of these pages with the origin null, as of a foreign site.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Sets the headers of every response, refusals included. */
export const withHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) context.header(name, value);
};

/**
 * Refuses a host name that is not this machine's own: a foreign site whose name was made to point to 127.0.0.1 (DNS
 * rebinding) sends its own name. And a form of a foreign site, by its origin.
 */
export const ownHost: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? '';
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/.test(host)) return context.text('wrong host name', 421);
  const origin = context.req.header('origin');
  if (origin !== undefined && origin !== `http://${host}`) return context.text('wrong origin', 403);
  return next();
};

/** A cookie's name has the port: cookies of one host are shared by all its ports. */
export const cookieName = (host: string) => `roletrail-${host.split(':')[1] ?? '80'}`;

/**
 * Lets in who knows the token: first by the address, from then on by a cookie, so that the token is in no address that
 * is copied or printed.
 */
export const byToken =
  (token: string): MiddlewareHandler =>
  async (context, next) => {
    const name = cookieName(context.req.header('host') ?? '');
    const given = context.req.query('token');
    if (given !== undefined && sameSecret(given, token)) {
      setCookie(context, name, token, { path: '/', httpOnly: true, sameSite: 'Strict' });
      const url = new URL(context.req.url);
      url.searchParams.delete('token');
      return context.redirect(ownPath(url), 303);
    }
    if (!sameSecret(getCookie(context, name) ?? '', token)) {
      return context.text('Open the address that roletrail console printed: it has the token.', 403);
    }
    return next();
  };
