/** An object in S3 that was found in a listing. */
export interface S3Object {
  /** `s3://bucket/key` */
  url: string;
  /** without quotes: what tells it from what may lie there later */
  etag: string;
  /** in bytes */
  size: number;
}

export function isS3Url(path: string): boolean {
  return path.startsWith('s3://');
}

/** S3 does not give one object; its neighbours can be read. `name` is what stands among the refusals; the message is one sentence. */
export class ObjectError extends Error {
  constructor(name: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = name;
  }
}
