/** Who vouches for a record: our own trail's log files, or an event a partner account sent us. */
export type Provenance = 'trail' | 'partner';

/** The session a temporary credential belongs to, as a call's `userIdentity.sessionContext` tells it. */
export interface SessionContext {
  /** when the credential was issued, ISO 8601 to the second; constant over all calls of the session */
  creationDate: string | null;
  /** the role (or user, for federation) the session acts for */
  issuer: {
    type: string | null;
    arn: string | null;
    principalId: string | null;
    accountId: string | null;
    userName: string | null;
  } | null;
  /** an IAM user, or root, showed an MFA device (userIdentity element, `mfaAuthenticated`); null: the record does not say */
  mfa: boolean | null;
  /** the console signs each request with a fresh key; present only when true (CloudTrail record contents) */
  fromConsole: boolean;
  sourceIdentity: string | null;
  /** the sign-in session that handed out the key: `aws login`, agents (record contents, `signInSessionArn`) */
  signInSessionArn: string | null;
  /** who a web identity provider vouches for (userIdentity element, `webIdFederationData`) */
  webIdentity: { provider: string; subject: string } | null;
}

/** `userIdentity`, every field read or null. Types: CloudTrail userIdentity element. */
export interface Caller {
  type: string;
  arn: string | null;
  principalId: string | null;
  accountId: string | null;
  userName: string | null;
  invokedBy: string | null;
  identityProvider: string | null;
  accessKeyId: string | null;
  session: SessionContext | null;
  /** Identity Center: the person behind the role session */
  onBehalfOf: { userId: string; identityStoreArn: string | null } | null;
  /** the account of the product provider that acted with delegated access (IAM guide, temporary delegation) */
  delegate: string | null;
  /** ARN of the function or instance that the credentials were issued to (userIdentity element, `inScopeOf`) */
  inScopeOf: string | null;
  /** Identity Center: the token that a request for credentials was made with (userIdentity element) */
  credentialId: string | null;
}

/** Session tags an issuance was asked with (IAM guide, session tags: `tags`, `transitiveTagKeys`, `incomingTransitiveTags`). */
export interface SessionTags {
  set: Record<string, string>;
  transitive: string[];
  /** what the caller's own session handed down */
  incoming: Record<string, string>;
}

/**
 * What a record is of a session's beginning: it hands out credentials of a new session; it carries a session on under
 * another key; or it only says that somebody may have keys which no record shows (a sign-in, a token, a vended access).
 */
export type Part = 'issuance' | 'continuation' | 'grant';

/** What an issuance hands out. Times ISO 8601. */
export interface IssuedCredential {
  part: Part;
  /** the name under which what it hands out is found, where neither key nor principal tells (see grants.ts) */
  joinName: string | null;
  /** null where the record shows none: a switch of roles or a sign-in at the console */
  accessKeyId: string | null;
  expiresAt: string;
  /** whether the record gave the expiration; otherwise it is the longest the API allows */
  expirationKnown: boolean;
  roleArn: string | null;
  /** the issued principal as later calls show it: `AROA...:session`, an IAM user's id, `account:name` */
  principalId: string | null;
  /** the issued principal's ARN as later calls show it (assumed-role ARNs drop the role's path) */
  arn: string | null;
  sessionName: string | null;
  sourceIdentity: string | null;
  externalId: string | null;
  tags: SessionTags;
  /** what the calls of the session say of MFA, where the record tells; absent: it does not */
  mfa?: boolean;
}

/** Credentials handed out, as one account's copy of the event tells it. */
export interface Issuance extends IssuedCredential {
  eventID: string;
  recipientAccountId: string;
  provenance: Provenance;
  eventSource: string;
  eventName: string;
  eventTime: string;
  sharedEventID: string | null;
  /** the credential is for an audited role: its session is answered even before its first call */
  audited: boolean;
  caller: Caller;
  /** when its session began, as calls made with its key show; absent: in the second of eventTime, or no call is known */
  created?: string;
}

/** Whose call it was and where it was made: the same for most calls of a session. */
export interface Setting {
  recipientAccountId: string;
  provenance: Provenance;
  awsRegion: string | null;
  sourceIPAddress: string | null;
  userAgent: string | null;
  caller: Caller;
  /** a call made under an audited role: the credential it was made with (see credentialOf) */
  credential: string | null;
  /** a refused attempt to assume this audited role */
  denied: string | null;
  /** where the record was read: `s3://bucket/key` or a topic's ARN */
  source: string;
}

/** What a record says of one call. */
export interface Occurrence {
  eventID: string;
  eventTime: string;
  eventSource: string;
  eventName: string;
  errorCode: string | null;
  /** the id that both accounts' records of one request share; null for a request that one account logs */
  sharedEventID: string | null;
  /** the eventID of the record that this one, an addendum, completes (record contents, `addendum`) */
  amends: string | null;
  issuance: Issuance | null;
  /** SHA-256 of the record's bytes as delivered: one event delivered in two shapes has two hashes */
  hash: string;
}

/** One kept record in its typed shape. */
export interface AuditEvent extends Setting, Occurrence {}
