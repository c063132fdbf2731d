import type { Flag } from '../../../core/linking/flags.ts';

/** Flags in words: what an investigator should look at. */
export const warnings: Record<Flag, string> = {
  'used-before-issuance': 'the credential was used before it was issued',
  'used-after-expiry': 'the credential was used after it had expired',
  'other-principal-under-key':
    'another principal was seen under the same key: keys are told apart by principal',
  'transitive-tags-differ': 'a hop claims transitive session tags that the hop before could not hand down',
  'source-identity-differs': 'the source identity changed within the session, which AWS does not allow',
  'claim-contradicts-trail': "a partner's event contradicts the own trail; the trail was believed",
};
