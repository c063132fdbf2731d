import type { SessionTags } from '../cloudtrail/event.ts';

/**
 * Does a session claim a transitive tag that the session it was asked with could not hand down? What was not logged is
 * no contradiction, a value that differs is.
 */
export function tagsDiffer(child: SessionTags, parent: SessionTags): boolean {
  const handedDown: Record<string, string> = { ...parent.incoming };
  for (const key of parent.transitive) {
    const value = parent.set[key];
    if (value !== undefined) handedDown[key] = value;
  }
  return Object.entries(child.incoming).some(([key, value]) => handedDown[key] !== value);
}
