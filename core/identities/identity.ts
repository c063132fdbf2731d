import { oidcIssuer } from '../records/arn.ts';
import type { Caller, SessionContext } from '../records/event.ts';
import {
  describe,
  flagAt,
  isObject,
  type Json,
  objectAt,
  RecordError,
  stringAt,
  textAt,
} from '../records/read.ts';
import { eventTime } from '../records/times.ts';

/**
 * Reads `userIdentity`. A record without one (or with one that has no type, as service events do) has a caller of type
 * `Unknown`, of whom whatever is there is kept. Throws RecordError for fields of a wrong type.
 */
export function readCaller(record: Json): Caller {
  const identity = objectAt(record, 'userIdentity') ?? {};
  // The one field of a caller that lies beside its identity.
  if (
    Object.hasOwn(record, 'sessionCredentialFromConsole') &&
    record.sessionCredentialFromConsole !== undefined
  )
    return callerOf(identity, record);
  const known = repeated.get(identity);
  if (known) return known;
  const caller = callerOf(identity, record);
  if (known === null) repeated.set(identity, caller);
  return caller;
}

/** Callers by identities that many records share; null until the first is read. */
const repeated = new WeakMap<object, Caller | null>();

/** Says that records to come have this very `userIdentity`: they will have the same caller, which nobody may change. */
export function repeats(identity: object): void {
  repeated.set(identity, null);
}

function callerOf(identity: Json, record: Json): Caller {
  const at = (name: string) => stringAt(identity, name, `userIdentity.${name}`);
  const onBehalfOf = objectAt(identity, 'onBehalfOf', 'userIdentity.onBehalfOf');
  const userId = onBehalfOf && stringAt(onBehalfOf, 'userId', 'userIdentity.onBehalfOf.userId');
  return {
    type: at('type') ?? 'Unknown',
    arn: at('arn'),
    principalId: at('principalId'),
    accountId: at('accountId'),
    userName: shown(at('userName')) ? at('userName') : null,
    invokedBy: at('invokedBy'),
    identityProvider: at('identityProvider'),
    accessKeyId: at('accessKeyId'),
    session: readSession(identity, record),
    onBehalfOf:
      onBehalfOf && shown(userId)
        ? { userId: userId as string, identityStoreArn: stringAt(onBehalfOf, 'identityStoreArn') }
        : null,
    delegate: textIn(identity, 'invokedByDelegate', 'accountId'),
    inScopeOf: textIn(identity, 'inScopeOf', 'credentialsIssuedTo'),
    credentialId: textAt(identity, 'credentialId'),
  };
}

/** CloudTrail writes it where a name could be a password that was typed into the wrong field. It names nobody. */
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

function shown(text: string | null): boolean {
  return text !== null && text !== hidden;
}

function textIn(parent: Json, name: string, field: string): string | null {
  const object = parent[name];
  return isObject(object) ? textAt(object, field) : null;
}

function readSession(identity: Json, record: Json): SessionContext | null {
  const path = 'userIdentity.sessionContext';
  const context = objectAt(identity, 'sessionContext', path);
  if (!context) return null;
  const attributes = objectAt(context, 'attributes', `${path}.attributes`) ?? {};
  const creationDate = stringAt(attributes, 'creationDate', `${path}.attributes.creationDate`);
  return {
    creationDate: creationDate && eventTime(creationDate, `${path}.attributes.creationDate`),
    issuer: readIssuer(context, `${path}.sessionIssuer`),
    mfa:
      (attributes.mfaAuthenticated ?? null) === null
        ? null
        : flagAt(attributes, 'mfaAuthenticated', `${path}.attributes.mfaAuthenticated`),
    // The documentation has it beside the record's other fields, where real logs have it too.
    fromConsole: flagAt(record, 'sessionCredentialFromConsole'),
    sourceIdentity: stringAt(context, 'sourceIdentity', `${path}.sourceIdentity`),
    signInSessionArn: textAt(context, 'signInSessionArn'),
    webIdentity: readWebIdentity(context),
  };
}

/** `{federatedProvider, attributes: {"PROVIDER:sub": ...}}`; a session of another kind has it empty. */
function readWebIdentity(context: Json): SessionContext['webIdentity'] {
  const data = isObject(context.webIdFederationData) ? context.webIdFederationData : {};
  const provider = textAt(data, 'federatedProvider');
  const attributes = isObject(data.attributes) ? data.attributes : {};
  const host = provider && oidcIssuer(provider);
  const subject = host && textAt(attributes, `${host}:sub`);
  return provider && subject ? { provider, subject } : null;
}

function readIssuer(context: Json, path: string): SessionContext['issuer'] {
  const issuer = objectAt(context, 'sessionIssuer', path);
  // Calls of an IAM user's session carry `sessionIssuer: {}`: there is no issuer, not one without a name.
  if (!issuer || Object.keys(issuer).length === 0) return null;
  const at = (name: string) => stringAt(issuer, name, `${path}.${name}`);
  return {
    type: at('type'),
    arn: at('arn'),
    principalId: at('principalId'),
    accountId: at('accountId'),
    userName: at('userName'),
  };
}

/**
 * The credential a call was made with: its access key id; for a call of the console, which signs each request with a
 * fresh key, and for one that shows no key (a service acting in a role session), the session it belongs to. Null when
 * nothing tells the session.
 */
export function credentialOf(caller: Caller): string | null {
  const created = caller.session?.creationDate ?? null;
  const session = caller.arn && created ? sessionCredential(caller.arn, created) : null;
  if (caller.session?.fromConsole && session) return session;
  return caller.accessKeyId ?? session;
}

/** The name of a session that is identified by its principal and its creation date, not by a key. */
export function sessionCredential(arn: string, creationDate: string): string {
  return `${arn}@${creationDate}`;
}

/** Throws RecordError `NotAnObject` unless the value is a JSON object. */
export function asRecord(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RecordError('NotAnObject', `a record is ${describe(value)}`);
  }
  return value as Json;
}
