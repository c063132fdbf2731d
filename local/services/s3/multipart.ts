import { ServiceError } from '../../contract.ts';
import { createHasher } from '../../hashes.ts';
import { openUpload } from './body.ts';
import { type Operation, objectHeaders, type S3Request } from './inputs.ts';
import type { Store } from './store.ts';
import type { MultipartUpload, Part } from './store-uploads.ts';
import { answerXml } from './xml.ts';

/** CreateMultipartUpload: remembers the object's headers and the checksum its parts are to carry. */
export const createMultipartUpload: Operation = async ({ uploads }, exchange) => {
  const { request, response, bucket, key } = exchange;
  const checksum = readChecksum(request.headers);
  const headers = objectHeaders(exchange);
  const uploadId = uploads.create({ bucket: bucket.name, key, headers, ...(checksum && { checksum }) });
  if (checksum) {
    response.setHeader('x-amz-checksum-algorithm', checksum.algorithm.toUpperCase());
    response.setHeader('x-amz-checksum-type', checksum.type);
  }
  answerXml(response, 'InitiateMultipartUploadResult', [
    ['Bucket', bucket.name],
    ['Key', key],
    ['UploadId', uploadId],
  ]);
};

/** UploadPart: a part number sent again takes the place of the part before. */
export const uploadPart: Operation = async (store, exchange) => {
  const { request, response, query } = exchange;
  const number = Number(query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new ServiceError(
      'InvalidArgument',
      'Part number must be an integer between 1 and 10000, inclusive',
    );
  }
  const { uploadId, checksum: wanted } = findUpload(store, exchange);
  const upload = openUpload(request);
  const content = await store.contents.write(upload.chunks);
  const { size, md5, checksum } = upload.received();
  let replaced: string | undefined;
  try {
    // The upload may have been completed or aborted while the part came in.
    findUpload(store, exchange);
    if (wanted && checksum?.algorithm !== wanted.algorithm) {
      throw new ServiceError(
        'InvalidRequest',
        `Checksum Type mismatch occurred, expected checksum Type: ${wanted.algorithm}, actual checksum Type: ${checksum?.algorithm ?? 'null'}`,
      );
    }
    const part = {
      number,
      content,
      size,
      etag: md5,
      ...(wanted && checksum && { checksum: checksum.value }),
    };
    replaced = store.uploads.putPart(uploadId, part);
  } catch (error) {
    await store.contents.remove(content);
    throw error;
  }
  if (replaced) await store.contents.remove(replaced);
  response.writeHead(200, {
    etag: `"${md5}"`,
    ...(checksum && { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }),
    'content-length': 0,
  });
  response.end();
};

export const abortMultipartUpload: Operation = async (store, exchange) => {
  await removeUpload(store, findUpload(store, exchange), store.uploads.parts(uploadIdOf(exchange)));
  exchange.response.writeHead(204).end();
};

const uploadIdOf = ({ query }: S3Request) => query.get('uploadId') ?? '';

/** Throws NoSuchUpload for one that was never begun, is over, or belongs to another key. */
export function findUpload({ uploads }: Store, exchange: S3Request): MultipartUpload {
  const upload = uploads.find(uploadIdOf(exchange), exchange.bucket.name, exchange.key);
  if (!upload) {
    throw new ServiceError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    );
  }
  return upload;
}

export async function removeUpload(
  { uploads, contents }: Store,
  { uploadId }: MultipartUpload,
  parts: Part[],
) {
  uploads.remove(uploadId);
  for (const { content } of parts) await contents.remove(content);
}

/** Which checksum of which kind (S3 guide, "Checking object integrity", table of full object and composite). */
function readChecksum(headers: S3Request['request']['headers']): MultipartUpload['checksum'] {
  const named = headers['x-amz-checksum-algorithm'];
  const type = headers['x-amz-checksum-type'];
  if (named === undefined && type !== undefined) {
    throw new ServiceError(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  if (named === undefined) return undefined;
  const algorithm = String(named).toLowerCase();
  createHasher(algorithm);
  const wanted = type ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
  const possible =
    algorithm === 'crc64nvme'
      ? ['FULL_OBJECT']
      : algorithm.startsWith('crc')
        ? ['FULL_OBJECT', 'COMPOSITE']
        : ['COMPOSITE'];
  if ((wanted !== 'FULL_OBJECT' && wanted !== 'COMPOSITE') || !possible.includes(wanted)) {
    throw new ServiceError(
      'InvalidRequest',
      `The ${wanted} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    );
  }
  return { algorithm, type: wanted };
}
