import { type ObjectCreated, ServiceError } from '../../contract.ts';
import type { Exchange, HttpService } from '../../gateway/gateway.ts';
import { completeMultipartUpload } from './complete.ts';
import { type Operation, type OperationName, readAddress, readOperation } from './inputs.ts';
import { listBuckets, listObjectsV2 } from './list.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './multipart.ts';
import { needsOf } from './needs.ts';
import { findBucket, getObject } from './read.ts';
import { openStore } from './store.ts';
import { copyObject, deleteObject, type OwnObject, putObject, type StoredObject, storeOwn } from './write.ts';

export interface S3Options {
  /** where objects are kept; made when it is not there. One process at a time. */
  folder: string;
  /** the account that owns the buckets */
  account: string;
  /** called for each object once it can be read */
  onObjectCreated: (object: ObjectCreated) => void;
}

export interface S3Server extends HttpService {
  /** Makes a bucket; one that is there keeps its objects. Versioning can be switched on later, never off. */
  createBucket(bucket: { name: string; versioned: boolean }): void;
  /** see storeOwn */
  store(object: OwnObject): Promise<StoredObject>;
  /** bytes of a bucket's objects that readers were given since the start */
  served(bucket: string): number;
  close(): void;
}

const operations: Record<Exclude<OperationName, 'ListBuckets'>, Operation> = {
  ListObjectsV2: listObjectsV2,
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: getObject,
  DeleteObject: deleteObject,
  CopyObject: copyObject,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
};

/**
 * S3 in a folder: bytes in files that never change, everything else in a SQLite database whose commit makes an object
 * appear at once and whole. Streams in and out; memory does not grow with objects. What it does not support it refuses
 * with NotImplemented (501), naming the operation, parameter or header. Throws CatalogueInUse.
 */
export async function createS3({ folder, account, onObjectCreated }: S3Options): Promise<S3Server> {
  const { store, close } = await openStore(folder, onObjectCreated);
  const { catalogue } = store;

  return {
    createBucket({ name, versioned }) {
      if (catalogue.bucket(name)?.versioned && !versioned) {
        throw new Error(
          `the bucket ${name} has versions; versioning that was switched on cannot be switched off`,
        );
      }
      catalogue.putBucket({ name, versioned, created: Date.now() });
    },
    async handle(exchange: Exchange) {
      const { request, response, authorizer, caller } = exchange;
      const address = readAddress(request.url ?? '/', request.headers.host ?? '');
      const operation = readOperation(request.method ?? '', address, request.headers);
      authorizer.authorize(caller, needsOf(operation, address, request.headers));
      if (operation === 'ListBuckets') {
        listBuckets(store, response);
        return;
      }
      const bucket = findBucket(store, address.bucket ?? '');
      const owner = request.headers['x-amz-expected-bucket-owner'];
      if (owner !== undefined && owner !== account) {
        throw new ServiceError(
          'AccessDenied',
          `the bucket ${bucket.name} belongs to ${account}, not to ${owner}`,
          403,
        );
      }
      await operations[operation](store, {
        ...exchange,
        bucket,
        key: address.key ?? '',
        query: address.query,
      });
    },
    store: object => storeOwn(store, object),
    served: bucket => store.served.of(bucket),
    close,
  };
}
