import type { Meaning } from '../../queries/lookup-names.ts';
import { plural } from '../text/format.ts';

/** What a name is to so many sessions: the head over them. A name that somebody chose must not read as that of a person. */
export function meaningText(as: Meaning, count: number): string {
  const them = count === 1 ? 'this session' : `these ${plural(count, 'session')}`;
  return texts[as](them, count);
}

const texts: Record<Meaning, (them: string, count: number) => string> = {
  who: them => `is who is behind ${them}`,
  role: them => `is the role of ${them}`,
  itself: (them, count) =>
    count === 1 ? 'is this session itself' : `is an ARN, an id or a sign-in of ${them} themselves`,
  hop: them => `is a session on the way to ${them}, or the name of one`,
  chosen: them =>
    `is the name of ${them}, as their caller chose it (role session name or source identity): it names no person`,
  claimed: them => `is what a partner says that ${them} are called: our own trail has no issuance of them`,
};
