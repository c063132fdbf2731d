import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectCreated } from '../../contract.ts';
import { type Catalogue, createCatalogue, openDatabase, type Version } from './store-catalogue.ts';
import { type Contents, openContents } from './store-contents.ts';
import { createUploads, type Uploads } from './store-uploads.ts';

/** What the operations work on. */
export interface Store {
  catalogue: Catalogue;
  uploads: Uploads;
  contents: Contents;
  onObjectCreated: (object: ObjectCreated) => void;
  served: Served;
}

/** Bytes that readers were given since the start, by bucket. */
export class Served {
  readonly #bytes = new Map<string, number>();

  add(bucket: string, bytes: number): void {
    this.#bytes.set(bucket, this.of(bucket) + bytes);
  }

  of(bucket: string): number {
    return this.#bytes.get(bucket) ?? 0;
  }
}

/** The object of a key as a reader sees it: no delete marker. */
export function currentObject({ catalogue }: Store, bucket: string, key: string): Version | undefined {
  const version = catalogue.latest(bucket, key);
  return version?.marker ? undefined : version;
}

/** Opens the store in a folder, which is made when it is not there. Throws CatalogueInUse. */
export async function openStore(
  folder: string,
  onObjectCreated: Store['onObjectCreated'],
): Promise<{ store: Store; close(): void }> {
  await mkdir(folder, { recursive: true });
  const database = openDatabase(folder);
  const catalogue = createCatalogue(database);
  const contents = await openContents(join(folder, 'contents'), catalogue.contents());
  const uploads = createUploads(database);
  const store = { catalogue, uploads, contents, onObjectCreated, served: new Served() };
  return { store, close: () => database.close() };
}
