import type { ServerResponse } from 'node:http';
import { ServiceError } from '../../contract.ts';
import type { Operation } from './inputs.ts';
import { type ListRequest, listObjects } from './model.ts';
import type { Store } from './store.ts';
import { answerXml, type Element } from './xml.ts';

/** ListBuckets: all of them, there are few. */
export function listBuckets({ catalogue }: Store, response: ServerResponse): void {
  const buckets = catalogue.buckets().map(
    ({ name, created }): Element => [
      'Bucket',
      [
        ['Name', name],
        ['CreationDate', new Date(created).toISOString()],
      ],
    ],
  );
  answerXml(response, 'ListAllMyBucketsResult', [['Buckets', buckets]]);
}

/** ListObjectsV2 */
export const listObjectsV2: Operation = async ({ catalogue }, { response, bucket, query }) => {
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') {
    throw new ServiceError('InvalidArgument', 'Invalid Encoding Method specified in Request');
  }
  const encode = encoding === 'url' ? formEncode : (text: string) => text;
  const startAfter = query.get('start-after');
  const continuationToken = query.get('continuation-token');
  const request: ListRequest = {
    bucket: bucket.name,
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: readMaxKeys(query.get('max-keys')),
    ...(startAfter !== null && { startAfter }),
    ...(continuationToken !== null && { continuationToken }),
  };
  const { objects, commonPrefixes, nextContinuationToken } = listObjects(catalogue, request);
  const optional = (name: string, value: string | null | undefined): Element[] =>
    value === null || value === undefined ? [] : [[name, value]];
  answerXml(response, 'ListBucketResult', [
    ['Name', bucket.name],
    ['Prefix', encode(request.prefix)],
    ...optional('Delimiter', request.delimiter === '' ? undefined : encode(request.delimiter)),
    ...optional('StartAfter', startAfter === null ? undefined : encode(startAfter)),
    ...optional('ContinuationToken', continuationToken),
    ...optional('NextContinuationToken', nextContinuationToken),
    ...optional('EncodingType', encoding),
    ['MaxKeys', request.maxKeys],
    ['KeyCount', objects.length + commonPrefixes.length],
    ['IsTruncated', nextContinuationToken !== undefined],
    ...objects.map(
      (version): Element => [
        'Contents',
        [
          ['Key', encode(version.key)],
          ['LastModified', new Date(version.modified).toISOString()],
          ['ETag', `"${version.etag}"`],
          ...(version.checksum
            ? ([
                ['ChecksumAlgorithm', version.checksum.algorithm.toUpperCase()],
                ['ChecksumType', version.checksum.type],
              ] satisfies Element[])
            : []),
          ['Size', version.size],
          ['StorageClass', 'STANDARD'],
        ],
      ],
    ),
    ...commonPrefixes.map((prefix): Element => ['CommonPrefixes', [['Prefix', encode(prefix)]]]),
  ]);
};

/** S3's encoding-type=url is that of forms, but leaves slashes. */
function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('%2F', '/');
}

function readMaxKeys(value: string | null): number {
  const number = value === null ? 1000 : Number(value);
  if (value === '' || !Number.isInteger(number) || number < 0) {
    throw new ServiceError('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  }
  return Math.min(number, 1000);
}
