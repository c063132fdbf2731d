import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { execute } from '../../../cli/execute.ts';
import { Objects } from '../../../cli/s3/objects.ts';
import { type RunningS3, startS3 } from '../../local/s3-support.ts';
import { call, issuance } from '../evidence/story.ts';
import { logKey, temporaryFolder, writeFiles } from './folders.ts';

const folder = temporaryFolder();
const logs = join(folder, 'logs');
const archives = join(import.meta.dirname, '..', 'inputs', 'archives');
const hour = (n: number) => logKey('999999999999', `20250311T09${String(n).padStart(2, '0')}Z`, `u${n}`);
const calls = (...numbers: number[]) =>
  numbers.map(n => ({ ...call, eventID: `call-${n}`, eventTime: `2025-03-11T09:00:0${n}Z` }));
const environment = { ...process.env };
const others: Server[] = [];
let s3: RunningS3;

/** Signs requests as this caller, and sends them to this address. */
function ask(endpoint: string, caller = 'OPERATOR') {
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: 'eu-west-1', AWS_MAX_ATTEMPTS: '1' },
    ...{ AWS_ACCESS_KEY_ID: caller, AWS_SECRET_ACCESS_KEY: 'secret', AWS_EC2_METADATA_DISABLED: 'true' },
    // What stands in this user's own files is no part of it.
    ...{ AWS_CONFIG_FILE: join(folder, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none') },
  });
}

beforeAll(async () => {
  const may = (Action: string, Resource: string) => ({ Effect: 'Allow' as const, Action, Resource });
  s3 = await startS3([
    may('s3:ListBucket', 'arn:aws:s3:::plain'),
    may('s3:GetObject', `arn:aws:s3:::plain/case/${hour(1)}`),
  ]);
  writeFiles(logs, {
    [hour(1)]: [issuance, ...calls(1)],
    [hour(2)]: calls(2),
    [hour(3)]: 'no log file',
    'notes.txt': 'what this is',
    'empty.json': '',
  });
  for (const file of readdirSync(logs, { recursive: true, withFileTypes: true }))
    if (file.isFile()) await put(relative(logs, join(file.parentPath, file.name)));
  // As S3's console makes a folder.
  await put('', Buffer.alloc(0));
});
afterAll(async () => {
  process.env = environment;
  for (const server of others) {
    server.closeAllConnections();
    server.close();
  }
  await s3.close();
  expect(s3.faults).toEqual([]);
});
beforeEach(() => ask(s3.endpoint));

/** Puts a file of the folder below `case/`, or what is given. */
async function put(key: string, body?: string | Buffer): Promise<void> {
  const Body = body ?? readFileSync(join(logs, key));
  await s3.client().send(new PutObjectCommand({ Bucket: 'plain', Key: `case/${key}`, Body }));
}

/** Answers in S3's place. */
async function serve(answer: RequestListener): Promise<void> {
  const server = createServer(answer);
  others.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** A bucket with one object, of which this is answered. */
function serveOne(log: Buffer, answer: RequestListener): Promise<void> {
  const object = `<Key>${hour(1)}</Key><Size>${log.length}</Size><ETag>"e"</ETag>`;
  return serve((request, response) => {
    if (request.url?.includes('list-type'))
      response.end(`<ListBucketResult><Contents>${object}</Contents></ListBucketResult>`);
    else answer(request, response);
  });
}

async function run(...words: string[]) {
  const said = { out: '', err: '' };
  const into = (name: 'out' | 'err') => ({
    write: (text: string | Uint8Array) => {
      said[name] += text;
      return true;
    },
  });
  const status = await execute(words, into('out'), into('err'), new AbortController().signal);
  return { status, ...said };
}

const report = (name: string) =>
  ['calls.ndjson', 'sessions.ndjson'].map(file => readFileSync(join(folder, name, file), 'utf8'));
const summary = (name: string) => {
  const { seconds: _, ...rest } = JSON.parse(readFileSync(join(folder, name, 'summary.json'), 'utf8'));
  return rest;
};
const traced = (path: string, name: string, ...more: string[]) =>
  run('trace', path, '--state', join(folder, `${name}.sqlite`), '--out', join(folder, name), ...more);

test('a prefix is traced as the folder is that it was copied from', async () => {
  const [local, far] = [await traced(logs, 'local'), await traced('s3://plain/case', 'far')];
  expect(report('far')).toEqual(report('local'));
  expect(report('far')[0]).toContain('call-2');
  expect(summary('far')).toEqual(summary('local'));
  const shown = (said: string) =>
    said
      .replaceAll('s3://plain/case', 'LOGS')
      .replaceAll(logs, 'LOGS')
      .replace(/report in .*|\d+ ms/g, '');
  expect(shown(far.out)).toBe(shown(local.out));
  expect(far.status).toBe(3);
});

test('run again it fetches what is new; an object that was replaced is told', async () => {
  const fetched = async () => {
    const before = s3.server.served('plain');
    const { status, err } = await traced('s3://plain/case/AWSLogs/', 'grown');
    return { status, err, bytes: s3.server.served('plain') - before };
  };
  expect(await fetched()).toMatchObject({ status: 3 });
  writeFiles(logs, { [hour(4)]: calls(4) });
  await put(hour(4));
  const { size } = await fileOf(hour(4));
  const second = await fetched();
  // A look at the beginning takes all of so small an object.
  expect(second.bytes).toBe(2 * size);
  expect(summary('grown')).toMatchObject({ linkedCalls: 3 });
  await put(hour(2), readFileSync(join(logs, hour(1))));
  const { status, err } = await fetched();
  expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining(hour(2)) });
  await put(hour(2));
});

async function fileOf(key: string) {
  const { files } = await new Objects().walk('s3://plain/case', new AbortController().signal);
  const found = files.find(file => file.key === key);
  if (!found) throw new Error(`${key} is not there`);
  return found;
}

test('a record is fetched again where it is shown; an object that is gone, or another, is named', async () => {
  const state = ['--state', join(folder, 'again.sqlite')];
  await traced(`s3://plain/case/${hour(1)}`, 'again');
  expect((await run('inspect', 'call-1', ...state)).out).not.toContain('not there');
  const url = `s3://plain/case/${hour(1)}`;
  const said = async () => {
    const { out, err } = await run('who', 'call-1', ...state);
    return out + err;
  };
  expect(await said()).not.toContain(url);
  await put(hour(1), readFileSync(join(logs, hour(2))));
  expect(await said()).toContain(`${url} has changed since it was traced`);
  await s3.client().send(new DeleteObjectCommand({ Bucket: 'plain', Key: `case/${hour(1)}` }));
  expect(await said()).toContain(`${url} is not there any more`);
  await put(hour(1));
});

test('a bundle with log files fetches them', async () => {
  const [state, bundle] = [join(folder, 'bundle.sqlite'), join(folder, 'bundle.zip')];
  await run('trace', `s3://plain/case/${hour(1)}`, '--state', state, '--out', join(folder, 'bundle'));
  const { session } = JSON.parse(report('bundle')[1]?.split('\n')[0] ?? '');
  const written = () => run('evidence', 'export', session, '--state', state, '--out', bundle, '--with-logs');
  expect(await written()).toMatchObject({ status: 0, out: expect.stringContaining(', 1 log file\n') });
});

test('an object that is denied is refused by name, and its neighbours are read', async () => {
  ask(s3.endpoint, 'FETCH');
  const { status, out } = await traced('s3://plain/case/AWSLogs', 'denied');
  expect(status).toBe(3);
  expect(out).toContain(`AccessDenied: s3:GetObject of s3://plain/case/${hour(2)} was denied`);
  expect(report('denied')[0]).toContain('call-1');
  expect(report('denied')[0]).not.toContain('call-2');
});

test('an object that is replaced while it is read is refused by name', async () => {
  const { bytes } = await fileOf(hour(2));
  await put(hour(2), 'other');
  await expect(Array.fromAsync(bytes?.stream() ?? [])).rejects.toMatchObject({ name: 'ObjectChanged' });
  await put(hour(2));
});

test('archives are read in S3', async () => {
  for (const name of readdirSync(archives)) {
    const Body = readFileSync(join(archives, name));
    await s3.client().send(new PutObjectCommand({ Bucket: 'versioned', Key: name, Body }));
  }
  await traced('s3://versioned', 'far-archives');
  await traced(archives, 'archives');
  expect(report('far-archives')).toEqual(report('archives'));
  expect(summary('far-archives')).toEqual(summary('archives'));
  expect(summary('archives').records).toBeGreaterThan(0);
});

// https://repost.aws/knowledge-center/cross-account-access-denied-error-s3: to read, both the object and its key have to be granted.
test('a key that may not be used is told with its action', async () => {
  const said = 'User: jo is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:::key/1';
  await serveOne(Buffer.alloc(9), (_, response) => {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>AccessDenied</Code><Message>${said}</Message></Error>`);
  });
  const { status, out } = await traced('s3://b1b/', 'key');
  expect(status).toBe(3);
  expect(out).toContain(`${hour(1)} was denied: ${said}`);
});

test('a replay says who reads from S3', async () => {
  expect(await run('replay', 's3://plain/case')).toMatchObject({
    status: 2,
    err: 'roletrail: s3://plain/case is in S3: roletrail trace reads it from there\n',
  });
});

test('a connection that breaks is no fault of the object: the same command goes on', async () => {
  const log = readFileSync(join(logs, hour(1)));
  let broken = true;
  await serveOne(log, (request, response) => {
    if (request.headers.range) response.writeHead(206).end(log);
    else if (!broken) response.end(log);
    else
      response
        .writeHead(200, { 'content-length': log.length })
        .write(log.subarray(0, 9), () => response.destroy());
  });
  const { status, err } = await traced('s3://b1b/', 'broken');
  expect({ status, err }).toEqual({
    status: 1,
    err: expect.stringMatching(/\nroletrail: cannot read s3:\/\/b1b\/AWSLogs[^ ]*gz: [^/]*\n$/),
  });
  broken = false;
  expect(await traced('s3://b1b/', 'broken')).toMatchObject({ status: 0 });
  expect(report('broken')[0]).toContain('call-1');
});

test('a folder is traced without AWS SDK', () => {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name.startsWith('@aws-sdk/')) throw new Error('it loads ' + name);
      return next(name, context);
    } });`;
  const main = join(import.meta.dirname, '..', '..', '..', 'cli', 'main.ts');
  const status = (path: string) =>
    spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(hook)}`,
        main,
        'trace',
        path,
        '--state',
        join(folder, 'bare.sqlite'),
      ],
      { encoding: 'utf8' },
    );
  expect(status(join(logs, hour(1)))).toMatchObject({ status: 0 });
  expect(status('s3://plain/')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('it loads @aws-sdk/client-s3'),
  });
});

describe('what keeps it from asking is told in a sentence, with the address', () => {
  test.each([
    ['s3://no-such-bucket/x', 2, 's3://no-such-bucket/x: there is no bucket no-such-bucket'],
    ['s3://plain/nothing', 2, 'no files in s3://plain/nothing'],
    ['s3:///x', 2, 's3:///x is no address in S3: s3://BUCKET/PREFIX'],
  ])('%s', async (url, status, sentence) => {
    expect(await traced(url, 'none')).toMatchObject({ status, err: `roletrail: ${sentence}\n` });
  });

  test('a bucket that may not be listed', async () => {
    ask(s3.endpoint, 'FETCH');
    const { status, err } = await traced('s3://versioned/', 'none');
    expect(status).toBe(2);
    expect(err).toMatch(
      /^roletrail: cannot list s3:\/\/versioned\/: s3:ListBucket of versioned was denied: .*\n$/,
    );
  });

  // S3 API reference, "Error responses"; the header as in https://github.com/JuliaCloud/AWSS3.jl/issues/25.
  test.each([
    [301, 'PermanentRedirect', 2, 's3://b1b/ is in ap-south-1: set AWS_REGION=ap-south-1'],
    [400, 'ExpiredToken', 1, 's3://b1b/: your AWS credentials have expired: sign in again'],
    [403, 'InvalidAccessKeyId', 1, 's3://b1b/: S3 rejects your AWS credentials: as S3 says'],
  ])('%i %s', async (code, name, status, sentence) => {
    await serve((_, response) => {
      response.writeHead(code, { 'content-type': 'application/xml', 'x-amz-bucket-region': 'ap-south-1' });
      response.end(`<Error><Code>${name}</Code><Message>as S3 says</Message></Error>`);
    });
    expect(await traced('s3://b1b/', 'none')).toMatchObject({ status, err: `roletrail: ${sentence}\n` });
  });

  test.each([
    ['AWS_REGION', 2, 's3://plain/: no Region: set AWS_REGION\n'],
    ['AWS_ACCESS_KEY_ID', 1, 's3://plain/: no AWS credentials: name a profile in AWS_PROFILE, or sign in: '],
  ])('no %s', async (variable, status, sentence) => {
    delete process.env[variable];
    const result = await traced('s3://plain/', 'none');
    expect(result.status).toBe(status);
    expect(result.err.startsWith(`roletrail: ${sentence}`)).toBe(true);
  });
});
