export type ArchiveFault =
  | 'ArchiveBomb'
  | 'DamagedArchive'
  | 'EncryptedArchive'
  | 'NestedTooDeep'
  | 'TruncatedArchive'
  | 'UnsupportedArchive';

/** An archive, or a member of it, cannot be read. `name` is what stands in quarantine; the message is one sentence. */
export class ArchiveError extends Error {
  override name: ArchiveFault;
  constructor(name: ArchiveFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = name;
  }
}
