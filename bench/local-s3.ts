import { createReadStream, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';

/** What the steps asked S3 for. */
export interface Requests {
  gets: number;
  puts: number;
}

interface HttpRequest {
  method: string;
  path: string;
  body?: unknown;
}

/** Names of the buckets: the trail is a folder of log files, the work bucket one of its own. */
export const trailBucket = 'trail';
export const workBucket = 'work';

/**
 * The real S3 client over two folders: everything of the SDK runs but the network. Log files are streamed as S3 would,
 * work objects read whole. Throws for any request but GET and PUT of an object.
 */
export function localS3(folders: { trail: string; work: string }) {
  const requests: Requests = { gets: 0, puts: 0 };
  const handle = async ({ method, path, body }: HttpRequest) => {
    const [bucket = '', ...rest] = decodeURIComponent(path).slice(1).split('/');
    if (bucket !== trailBucket && bucket !== workBucket) throw new Error(`no bucket ${bucket} here`);
    const file = join(bucket === trailBucket ? folders.trail : folders.work, ...rest);
    if (method === 'GET') {
      requests.gets += 1;
      return bucket === trailBucket ? streamed(file) : whole(file);
    }
    if (method !== 'PUT' || !(body instanceof Uint8Array))
      throw new Error(`${method} ${path} has no answer here`);
    requests.puts += 1;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
    return respond(Readable.from([]), 0);
  };
  const s3 = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIABENCH', secretAccessKey: 'bench' },
    forcePathStyle: true,
    endpoint: 'http://localhost',
    requestHandler: { handle, updateHttpClientConfig: () => {}, httpHandlerConfigs: () => ({}) },
  });
  return { s3, requests };
}

function streamed(file: string) {
  return respond(createReadStream(file), statSync(file).size);
}

function whole(file: string) {
  const bytes = readFileSync(file);
  return respond(Readable.from([bytes], { objectMode: false }), bytes.length);
}

function respond(body: Readable, length: number) {
  return {
    response: { statusCode: 200, headers: { 'content-length': String(length), etag: '"bench"' }, body },
  };
}
