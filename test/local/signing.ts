import { createHash, createHmac } from 'node:crypto';
import type { SigningKey } from '../../local/gateway/signature.ts';

export interface ToSign {
  method?: string;
  /** with host and port */
  url: string;
  body?: string;
  service: string;
  key: SigningKey;
  /** signed as well */
  headers?: Record<string, string>;
  /** milliseconds since 1970 */
  time?: number;
  region?: string;
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * The headers of a signed request, by the steps of AWS's page and by no library.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders({
  method = 'POST',
  url,
  body = '',
  service,
  key,
  headers = {},
  time = Date.now(),
  region = 'eu-west-1',
}: ToSign): Record<string, string> {
  // Not by URL, which resolves dots in a path.
  const [, host = '', path = '', search = ''] = /^http:\/\/([^/?]+)([^?]*)\??(.*)$/.exec(url) ?? [];
  const amzDate = new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const all: Record<string, string> = {
    host,
    'x-amz-date': amzDate,
    ...(service === 's3' && { 'x-amz-content-sha256': hash(body) }),
    ...(key.sessionToken && { 'x-amz-security-token': key.sessionToken }),
    ...headers,
  };
  const names = Object.keys(all).sort();
  const lines = names.map(name => `${name}:${all[name]}\n`).join('');
  // As S3 takes a path; what is encoded in one of another service is encoded once more, which no test needs.
  const query = search
    .split('&')
    .map(pair => (pair === '' || pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&');
  const payload = all['x-amz-content-sha256'] ?? hash(body);
  const request = [method, path || '/', query, lines, names.join(';'), payload].join('\n');
  const scope = `${amzDate.slice(0, 8)}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, hash(request)].join('\n');
  const signingKey = scope
    .split('/')
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${key.secretAccessKey}`);
  const signature = hmac(signingKey, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...all, authorization };
}
