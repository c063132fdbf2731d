import type { SessionTags } from './event.ts';
import { isObject, type Json, objectAt } from './read.ts';

export const noTags: SessionTags = { set: {}, transitive: [], incoming: {} };

/**
 * The session tags of an issuing request (IAM guide, session tags in CloudTrail): AssumeRole has them as the list `tags`,
 * AssumeRoleWithSAML and AssumeRoleWithWebIdentity as the map `principalTags`. What is not text is left out.
 */
export function readTags(request: Json): SessionTags {
  const { tags, transitiveTagKeys, principalTags } = request;
  const listed = (Array.isArray(tags) ? tags : []).flatMap(tag =>
    isObject(tag) && typeof tag.key === 'string' && typeof tag.value === 'string'
      ? [[tag.key, tag.value] as const]
      : [],
  );
  const mapped = Object.entries(isObject(principalTags) ? principalTags : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const set = [...listed, ...mapped];
  const keys = Array.isArray(transitiveTagKeys) ? transitiveTagKeys : [];
  const incoming =
    objectAt(request, 'incomingTransitiveTags', 'requestParameters.incomingTransitiveTags') ?? {};
  return {
    // A tag named __proto__ would be lost by an assignment.
    set: Object.fromEntries(set),
    transitive: keys.filter(key => typeof key === 'string').sort(),
    incoming: Object.fromEntries(
      Object.entries(incoming).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}
