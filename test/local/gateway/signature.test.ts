import { createHash } from 'node:crypto';
import { readSignature, verifySignature } from '../../../local/gateway/signature.ts';

/** The secrets of the example keys, as the pages give them: they differ in one character. */
const secrets: Record<string, string> = {
  AKIDEXAMPLE: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AKIAIOSFODNN7EXAMPLE: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** Requests whose signatures AWS's pages print. */
const printed = {
  // General Reference, "Signed Signature Version 4 requests examples"
  'a form to IAM': {
    accessKeyId: 'AKIDEXAMPLE',
    method: 'POST',
    url: '/',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20110909/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=ced6826de92d2bdeed8f846f0bf508e8559e98e4b0199114b84c54174deb456c',
      host: 'iam.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-amz-date': '20110909T233600Z',
    },
    payload: hash('Action=ListUsers&Version=2010-05-08'),
    time: Date.UTC(2011, 8, 9, 23, 36),
  },
  // S3 API reference, "Signature calculations: transferring payload in a single chunk", GET object
  'a part of an object': {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    method: 'GET',
    url: '/test.txt',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': hash(''),
      'x-amz-date': '20130524T000000Z',
    },
    payload: hash(''),
    time: Date.UTC(2013, 4, 24),
  },
  // the same page, "GET bucket (list objects)"
  'a list of objects': {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    method: 'GET',
    url: '/?max-keys=2&prefix=J',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-content-sha256': hash(''),
      'x-amz-date': '20130524T000000Z',
    },
    payload: hash(''),
    time: Date.UTC(2013, 4, 24),
  },
};
type Printed = Omit<(typeof printed)['a form to IAM'], 'headers'> & { headers: Record<string, string> };

async function verify(request: Printed, key: { secretAccessKey?: string; sessionToken?: string } = {}) {
  const { accessKeyId, headers, time } = request;
  const signature = readSignature(headers.authorization);
  if (!signature) throw new Error('there is no signature');
  expect(signature.accessKeyId).toBe(accessKeyId);
  await verifySignature(
    request,
    signature,
    { accessKeyId, secretAccessKey: `${secrets[accessKeyId]}`, ...key },
    time,
  );
}

const examples = Object.entries(printed) as [string, Printed][];

test.each(examples)('the signature that AWS prints of %s is right', (_, request) => verify(request));

describe.each(examples)('of %s, AWS says no', (_, request) => {
  const { headers } = request;
  const minutes = 60_000;

  test.each<[string, Partial<Printed>]>([
    ['to another method', { method: 'PUT' }],
    ['to another path', { url: `/other${request.url}` }],
    ['to one parameter more', { url: `${request.url}${request.url.includes('?') ? '&' : '?'}a=b` }],
    ['to another body', { payload: hash('another') }],
    ['to another host', { headers: { ...headers, host: 'example.com' } }],
    ['to a header of its own that is not signed', { headers: { ...headers, 'x-amz-acl': 'public' } }],
    [
      'where a signed header is left out',
      {
        headers: {
          authorization: headers.authorization as string,
          host: 'x',
          'x-amz-date': headers['x-amz-date'] as string,
        },
      },
    ],
    [
      'to one bit of the signature',
      {
        headers: {
          ...headers,
          authorization: `${headers.authorization}`.replace(/.$/, last => (last === '0' ? '1' : '0')),
        },
      },
    ],
    [
      'to a day of the scope that is not that of its time',
      {
        headers: { ...headers, authorization: `${headers.authorization}`.replace(/\/20(\d{6})\//, '/21$1/') },
      },
    ],
    ['16 minutes later', { time: request.time + 16 * minutes }],
    ['16 minutes before', { time: request.time - 16 * minutes }],
  ])('%s', async (_, change) => {
    await expect(verify({ ...request, ...change })).rejects.toMatchObject({
      code: expect.stringMatching(
        /^(?:SignatureDoesNotMatch|InvalidSignatureException|RequestTimeTooSkewed)$/,
      ),
      status: 403,
    });
  });

  test('with another secret', async () => {
    await expect(verify(request, { secretAccessKey: 'operator' })).rejects.toMatchObject({ status: 403 });
  });

  test('without the token of the session', async () => {
    await expect(verify(request, { sessionToken: 'token' })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:InvalidToken|UnrecognizedClientException)$/),
    });
  });

  test('but yes 14 minutes before and after', async () => {
    for (const off of [-14, 14]) await verify({ ...request, time: request.time + off * minutes });
  });
});

test.each([
  ['no time', { 'x-amz-date': '' }],
  ['a time that is none', { 'x-amz-date': '2011-09-09T23:36:00Z' }],
])('a signed request with %s is told so', async (_, change) => {
  const request = printed['a form to IAM'];
  await expect(verify({ ...request, headers: { ...request.headers, ...change } })).rejects.toMatchObject({
    code: 'IncompleteSignatureException',
  });
});

test.each([
  ['of the older kind', 'AWS AKID:signature'],
  [
    'of the kind for all regions',
    'AWS4-ECDSA-P256-SHA256 Credential=A/20260101/s3/aws4_request, SignedHeaders=host, Signature=00',
  ],
  ['without its headers', 'AWS4-HMAC-SHA256 Credential=A/20260101/r/s3/aws4_request, Signature=00'],
  ['without itself', 'AWS4-HMAC-SHA256 Credential=A/20260101/r/s3/aws4_request, SignedHeaders=host'],
])('a signature %s is refused by name', (_, header) => {
  expect(() => readSignature(header)).toThrow(
    expect.objectContaining({ code: 'IncompleteSignatureException' }),
  );
});
