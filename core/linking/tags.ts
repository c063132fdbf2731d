import type { SessionTags } from '../records/event.ts';

/**
 * Does a session claim a transitive tag that the session it was asked with could not hand down? What was not logged is
 * no contradiction, a value that differs is. Keys are compared without case (STS API, Tag).
 */
export function tagsDiffer(child: SessionTags, parent: SessionTags): boolean {
  const set = byLowerKey(parent.set);
  const handedDown = byLowerKey(parent.incoming);
  for (const key of parent.transitive) {
    const value = set.get(key.toLowerCase());
    if (value !== undefined) handedDown.set(key.toLowerCase(), value);
  }
  return [...byLowerKey(child.incoming)].some(([key, value]) => handedDown.get(key) !== value);
}

/**
 * Does a session show a tag that came down to it with another value than the session behind it has? Only what both records
 * tell is held: a request's tags may be left out of its record.
 */
export function tagsContradict(child: SessionTags, parent: SessionTags): boolean {
  const known = new Map([...byLowerKey(parent.set), ...byLowerKey(parent.incoming)]);
  return [...byLowerKey(child.incoming)].some(([key, value]) => known.has(key) && known.get(key) !== value);
}

function byLowerKey(tags: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value]));
}
