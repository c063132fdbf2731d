import { createReadStream } from 'node:fs';
import { ServiceError } from '../../contract.ts';
import { readBody } from '../../gateway/json.ts';
import { createHasher, sha256 } from '../../hashes.ts';
import { otherContent } from './body.ts';
import type { Operation, S3Request } from './inputs.ts';
import { findUpload, removeUpload } from './multipart.ts';
import type { Store } from './store.ts';
import type { Checksum } from './store-catalogue.ts';
import type { MultipartUpload, Part } from './store-uploads.ts';
import { storeObject } from './write.ts';
import {
  answerXml,
  childrenOf,
  type Element,
  malformed,
  onlyElements,
  parseDocument,
  textOf,
} from './xml.ts';

/** The least size of every part but the last (S3 guide, "Multipart upload limits"). */
const minPartBytes = 5 * 1024 * 1024;
/** Uploads whose parts are just being joined: a second completion would find its parts removed half-way. */
const completing = new Set<string>();

/** CompleteMultipartUpload: joins the listed parts into one object. */
export const completeMultipartUpload: Operation = async (store, exchange) => {
  const body = await readBody(exchange.request, 4 * 1024 * 1024);
  const signed = exchange.request.headers['x-amz-content-sha256'];
  const hash = sha256(body);
  if (signed !== 'UNSIGNED-PAYLOAD' && signed !== hash) throw otherContent();
  const upload = findUpload(store, exchange);
  if (completing.has(upload.uploadId)) {
    throw new ServiceError(
      'OperationAborted',
      'A conflicting conditional operation is currently in progress against this resource.',
      409,
    );
  }
  completing.add(upload.uploadId);
  try {
    await complete(store, exchange, upload, body.toString('utf8'));
  } finally {
    completing.delete(upload.uploadId);
  }
};

async function complete(
  store: Store,
  exchange: S3Request,
  upload: MultipartUpload,
  body: string,
): Promise<void> {
  const { request, response, bucket, key } = exchange;
  const all = store.uploads.parts(upload.uploadId);
  const parts = chooseParts(body, all, upload);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const wantedSize = request.headers['x-amz-mp-object-size'];
  if (wantedSize !== undefined && Number(wantedSize) !== size) {
    throw new ServiceError(
      'InvalidRequest',
      `The provided x-amz-mp-object-size ${wantedSize} does not match the ${size} bytes of the parts.`,
    );
  }
  const whole = upload.checksum?.type === 'FULL_OBJECT' ? createHasher(upload.checksum.algorithm) : undefined;
  const content = await store.contents.write(
    (async function* () {
      for (const part of parts) {
        for await (const chunk of createReadStream('', { fd: store.contents.open(part.content) })) {
          whole?.update(chunk);
          yield chunk;
        }
      }
    })(),
  );
  const checksum = upload.checksum && {
    ...upload.checksum,
    value: whole
      ? (await whole.digest()).toString('base64')
      : await composite(upload.checksum.algorithm, parts),
  };
  const headers = upload.headers;
  const object = {
    key,
    content,
    size,
    etag: await multipartEtag(parts),
    headers,
    ...(checksum && { checksum }),
  };
  try {
    checkWanted(request.headers, checksum);
  } catch (error) {
    await store.contents.remove(content);
    throw error;
  }
  const version = await storeObject(store, bucket, object, request.headers);
  await removeUpload(store, upload, all);
  if (bucket.versioned) response.setHeader('x-amz-version-id', version.versionId);
  const answer: Element[] = [
    ['Location', `http://${request.headers.host}/${bucket.name}/${encodeURIComponent(key)}`],
    ['Bucket', bucket.name],
    ['Key', key],
    ['ETag', `"${version.etag}"`],
  ];
  if (checksum) {
    answer.push(
      [`Checksum${checksum.algorithm.toUpperCase()}`, checksum.value],
      ['ChecksumType', checksum.type],
    );
  }
  answerXml(response, 'CompleteMultipartUploadResult', answer);
}

/** The parts a request lists. Throws MalformedXML, InvalidPartOrder, InvalidPart or EntityTooSmall. */
function chooseParts(body: string, stored: Part[], { checksum }: MultipartUpload): Part[] {
  const document = parseDocument(body, 'CompleteMultipartUpload');
  onlyElements(document, ['Part']);
  const checksumName = checksum && `Checksum${checksum.algorithm.toUpperCase()}`;
  const listed = childrenOf(document, 'Part').map(part => {
    onlyElements(part, ['PartNumber', 'ETag', ...(checksumName ? [checksumName] : [])]);
    return {
      number: Number(textOf(part, 'PartNumber')),
      etag: textOf(part, 'ETag')?.replace(/^"(.*)"$/, '$1'),
      checksum: checksumName && textOf(part, checksumName),
    };
  });
  if (listed.length === 0) throw malformed();
  if (listed.some(({ number }, i) => i > 0 && number <= (listed[i - 1]?.number ?? 0))) {
    throw new ServiceError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  const byNumber = new Map(stored.map(part => [part.number, part]));
  const parts = listed.map(({ number, etag, checksum: value }) => {
    const part = byNumber.get(number);
    if (!part || part.etag !== etag || (value !== undefined && value !== part.checksum)) {
      throw new ServiceError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      );
    }
    return part;
  });
  if (parts.slice(0, -1).some(part => part.size < minPartBytes)) {
    throw new ServiceError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return parts;
}

/** MD5 of the parts' MD5s, and how many there are. */
async function multipartEtag(parts: Part[]): Promise<string> {
  const md5 = createHasher('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  return `${(await md5.digest()).toString('hex')}-${parts.length}`;
}

/** The checksum of the parts' checksums, and how many there are. */
async function composite(algorithm: string, parts: Part[]): Promise<string> {
  const hasher = createHasher(algorithm);
  for (const part of parts) hasher.update(Buffer.from(part.checksum ?? '', 'base64'));
  return `${(await hasher.digest()).toString('base64')}-${parts.length}`;
}

/** A checksum of the whole object that was sent with the completion. */
function checkWanted(headers: S3Request['request']['headers'], checksum: Checksum | undefined): void {
  for (const [name, value] of Object.entries(headers)) {
    const algorithm = /^x-amz-checksum-(?!type$)(.+)$/.exec(name)?.[1];
    if (algorithm === undefined) continue;
    const computed = checksum?.algorithm === algorithm ? checksum.value : undefined;
    if (value !== computed && value !== computed?.replace(/-\d+$/, '')) {
      throw new ServiceError(
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      );
    }
  }
  const type = headers['x-amz-checksum-type'];
  if (type !== undefined && type !== checksum?.type) {
    throw new ServiceError(
      'InvalidRequest',
      `The upload was created with the checksum type ${checksum?.type ?? 'none'}, not ${type}.`,
    );
  }
}
