/** Bucket and key of `s3://bucket/key`; null for another source. */
export function fileOf(source: string): { bucket: string; key: string } | null {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(source) ?? [];
  return bucket && key ? { bucket, key } : null;
}
