/** What an investigator should look at in a session: it should not happen, or a partner says otherwise. */
export type Flag =
  | 'used-before-issuance'
  | 'used-after-expiry'
  | 'other-principal-under-key'
  | 'source-identity-differs'
  | 'transitive-tags-differ'
  | 'claim-contradicts-trail';
