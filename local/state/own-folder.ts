import { chmodSync, lstatSync, mkdirSync, realpathSync, type Stats, statSync } from 'node:fs';

/** A folder that another user of the machine filled, or could have. */
export class ForeignFolder extends Error {
  override name = 'ForeignFolder';
}

/** What others than the owner may write, in a file's mode. */
const writableByOthers = 0o022;
/** What others than the owner may do at all. */
const openToOthers = 0o077;

/** Makes a folder that only this user may look into, with those above it; one that is there is closed to all others. */
export function makeOwnFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  checkOwnFolder(path);
  // What was there and could be read was ours alone to write.
  if (process.getuid && statSync(path).mode & openToOthers) chmodSync(path, 0o700);
}

/**
 * Holds a folder to be this user's own, when there is one: a state folder has code that runs, and says where to send
 * secrets. Links are looked through, and one that somebody else set is refused whatever it leads to. On a system without
 * users (Windows) nothing is checked.
 *
 * Throws {@link ForeignFolder} in one sentence: another user owns it, or may write it.
 */
export function checkOwnFolder(path: string): void {
  const user = process.getuid?.();
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (user === undefined || !link) return;
  if (link.isSymbolicLink() && !isOurs(link, user)) {
    throw new ForeignFolder(
      `${path} is a link that user ${link.uid} created, and is not followed: name another folder`,
    );
  }
  const real = realpathSync(path);
  const { uid, mode } = statSync(real);
  const where = real === path || !link.isSymbolicLink() ? path : `${path} (${real})`;
  if (uid !== user) {
    throw new ForeignFolder(
      `${where} belongs to user ${uid}, not to you: its contents would run as you; name another folder`,
    );
  }
  if (mode & writableByOthers) {
    throw new ForeignFolder(
      `${where} may be written by other users (mode ${(mode & 0o777).toString(8)}): their files would run as you; delete it, or name another folder`,
    );
  }
}

/** A link of the system's own (`/var/run`) is as good as one's own. */
function isOurs({ uid }: Stats, user: number): boolean {
  return uid === user || uid === 0;
}
