import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { quarantinePrefix, retriedPrefix } from '../../steps/store/tables.ts';
import { lines } from '../../steps/transport/lines.ts';
import type { Refusal } from '../../steps/transport/payloads.ts';
import type { Arrived, QuarantineHeader } from '../../steps/transport/set-aside.ts';
import { CliError, UsageError } from '../failure.ts';
import type { Page, PageAsked } from '../queries/page.ts';
import type { Quarantined, QuarantinedKey, QuarantineStore } from '../queries/quarantine-store.ts';

/** What was set aside in a work bucket. */
export class BucketQuarantine implements QuarantineStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async *list({
    since,
    from,
    perPage,
  }: PageAsked & { since?: string | undefined } = {}): AsyncGenerator<Page<QuarantinedKey>> {
    const pages = paginateListObjectsV2(
      {
        client: this.#client,
        ...(perPage && { pageSize: perPage }),
        ...(from && { startingToken: from }),
      },
      {
        Bucket: this.#bucket,
        Prefix: quarantinePrefix,
        ...(since && { StartAfter: quarantinePrefix + since }),
      },
    );
    for await (const { Contents = [], NextContinuationToken } of pages) {
      const items = Contents.map(({ Key = '', LastModified }) => ({
        key: Key,
        at: LastModified?.toISOString() ?? null,
      }));
      yield { items, next: NextContinuationToken ?? null };
    }
  }

  async read(key: string): Promise<Quarantined> {
    // The bucket holds other things than what was set aside.
    if (!key.startsWith(quarantinePrefix)) throw new UsageError(`${key} is not in quarantine`);
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    if (!Body) throw new CliError(`${key} in quarantine has no body`);
    const all = await Array.fromAsync(
      lines(Body as AsyncIterable<Buffer>),
      line => JSON.parse(line) as object,
    );
    const [header, ...kept] = all;
    if (!header) throw new CliError(`${key} in quarantine is empty`);
    const refusals = kept.filter(each => !('arrived' in each)) as Refusal[];
    const arrived = kept.flatMap(each => ('arrived' in each ? [(each as Arrived).arrived] : []));
    return { key, header: header as QuarantineHeader, refusals, arrived };
  }

  async *retried(): AsyncGenerator<string> {
    const pages = paginateListObjectsV2(
      { client: this.#client },
      { Bucket: this.#bucket, Prefix: retriedPrefix },
    );
    for await (const { Contents = [] } of pages)
      for (const { Key = '' } of Contents) yield Key.slice(retriedPrefix.length);
  }
}
