import type { SessionTags } from './event.ts';
import { isObject, type Json, objectAt } from './read.ts';

export const noTags: SessionTags = { set: {}, transitive: [], incoming: {} };

/** The session tags of an AssumeRole request (IAM guide, session tags in CloudTrail). What is no text is left out. */
export function readTags(request: Json): SessionTags {
  const { tags, transitiveTagKeys } = request;
  const set: Record<string, string> = {};
  for (const tag of Array.isArray(tags) ? tags : []) {
    if (isObject(tag) && typeof tag.key === 'string' && typeof tag.value === 'string')
      set[tag.key] = tag.value;
  }
  const keys = Array.isArray(transitiveTagKeys) ? transitiveTagKeys : [];
  const incoming =
    objectAt(request, 'incomingTransitiveTags', 'requestParameters.incomingTransitiveTags') ?? {};
  return {
    set,
    transitive: keys.filter(key => typeof key === 'string').sort(),
    incoming: Object.fromEntries(
      Object.entries(incoming).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}
