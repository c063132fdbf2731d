import { asRecord } from '../../../core/identities/identity.ts';
import type { SessionAnswer, Status } from '../../../core/linking/session-answer.ts';
import { lastPart } from '../../../core/records/arn.ts';
import type { Evidence } from '../../../core/records/evidence.ts';
import { type Failure, failureOf } from '../../../core/records/failure.ts';
import {
  isObject,
  type Json,
  objectAt,
  requiredString,
  stringAt,
  textAt,
} from '../../../core/records/read.ts';
import { eventTime, millis } from '../../../core/records/times.ts';
import { type Doing, doingOf } from '../../../core/resources/doing.ts';
import { type Activity, activityOf } from './classes.ts';
import { accountOf, actorOf, present, sourceOf, subjectOf } from './parties.ts';
import { authorizationsOf, resourcesOf } from './resources.ts';

/** The release whose schema the events must match. */
export const schemaVersion = '1.8.0';

/** What is known of one record: the session it is a call of, or began, and what holds for it at its own time. */
export interface ExportedRecord {
  evidence: Evidence;
  answer: SessionAnswer;
  /** `call`: made in the session; `issuance`: cited by its chain */
  part: 'call' | 'issuance';
  status: Status;
  reason: string | null;
}

/**
 * One record as an OCSF event. Throws SyntaxError for a record that is not JSON, RecordError for one that is not an object or
 * has no time, or none that can be read.
 */
export function ocsfEvent(exported: ExportedRecord): Json {
  const { evidence } = exported;
  const record = asRecord(JSON.parse(evidence.record));
  const doing = doingOf(record);
  const activity = activityOf(record, doing.access);
  const failure = failureOf(record);
  const agent = stringAt(record, 'userAgent');
  return present({
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: activity.category,
    class_uid: activity.class,
    type_uid: activity.class * 100 + activity.id,
    // A time without a zone is UTC in a trail, and local time to Date.parse.
    time: millis(eventTime(requiredString(record, 'eventTime'))),
    timezone_offset: 0,
    // CloudTrail gives no severity: what to think of a call is not for a translation to say.
    severity_id: 1,
    severity: 'Informational',
    status_id: failure ? 2 : 1,
    status: failure ? 'Failure' : 'Success',
    status_code: failure?.code,
    status_detail: failure?.message,
    metadata: metadataOf(record, exported),
    cloud: present({
      provider: 'AWS',
      region: stringAt(record, 'awsRegion'),
      account: accountOf(evidence.recipientAccountId),
    }),
    actor: present({
      ...actorOf(record, exported.part === 'call' ? exported.answer : null),
      authorizations: authorizationsOf(doing.denial),
    }),
    src_endpoint: sourceOf(record),
    http_request: agent === null ? null : { user_agent: agent },
    // Of all classes, with the cloud profile.
    api: apiOf(record, failure),
    ...classAttributes(record, activity, doing),
    enrichments: [whoIsBehind(exported)],
    unmapped: present({
      event_type: stringAt(record, 'eventType') ?? 'not recorded',
      provenance: evidence.provenance,
      record_sha256: evidence.digest,
      access: doing.access,
      // Only API Activity has a place for them.
      resources: activity.class === 6003 ? null : resourcesOf(doing),
      more_resources: doing.more > 0 ? doing.more : null,
    }),
  });
}

function metadataOf(record: Json, { evidence, answer }: ExportedRecord): Json {
  return present({
    version: schemaVersion,
    product: present({ name: 'CloudTrail', vendor_name: 'AWS', version: stringAt(record, 'eventVersion') }),
    profiles: ['cloud'],
    uid: evidence.eventID,
    original_event_uid: evidence.eventID,
    original_time: stringAt(record, 'eventTime'),
    event_code: stringAt(record, 'eventName'),
    log_provider: 'AWS CloudTrail',
    log_source: evidence.source,
    correlation_uid: answer.session,
  });
}

function classAttributes(record: Json, activity: Activity, doing: Doing): Json {
  if (activity.class === 6003) return { resources: resourcesOf(doing), dst_endpoint: endpointOf(record) };
  const user = subjectOf(record);
  if (activity.class === 3001) return { user, policies: policiesOf(record) };
  const protocol = protocols[stringAt(record, 'eventName') ?? ''];
  return {
    user,
    service: { name: sourceName(record) },
    dst_endpoint: endpointOf(record),
    is_remote: true,
    is_mfa: withMfa(record),
    auth_protocol_id: protocol?.[0],
    auth_protocol: protocol?.[1],
  };
}

const protocols: Record<string, [number, string]> = {
  AssumeRoleWithSAML: [5, 'SAML'],
  AssumeRoleWithWebIdentity: [4, 'OpenID'],
};

function apiOf(record: Json, failure: Failure | null): Json {
  const request = stringAt(record, 'requestID');
  return present({
    operation: stringAt(record, 'eventName') ?? 'not recorded',
    service: { name: sourceName(record) },
    version: stringAt(record, 'apiVersion'),
    request: request === null ? null : { uid: request },
    // A sign-in that failed has a message alone, or nothing but that it failed.
    response: failure && present({ error: failure.code ?? 'Failure', message: failure.message }),
  });
}

function sourceName(record: Json): string {
  return stringAt(record, 'eventSource') ?? 'not recorded';
}

/** The endpoint that was called, as the client named it (record contents, `tlsDetails`); older records have none. */
function endpointOf(record: Json): Json | null {
  const tls = isObject(record.tlsDetails) ? record.tlsDetails : {};
  const hostname = textAt(tls, 'clientProvidedHostHeader');
  return hostname === null ? null : { hostname, svc_name: sourceName(record) };
}

/** The policy that a call attached, detached or wrote; `policy` itself is deprecated since 1.4.0. */
function policiesOf(record: Json): Json[] | null {
  const asked = objectAt(record, 'requestParameters') ?? {};
  const uid = stringAt(asked, 'policyArn');
  const name = stringAt(asked, 'policyName') ?? (uid ? lastPart(uid) : null);
  return name === null ? null : [present({ uid, name })];
}

function withMfa(record: Json): boolean {
  const asked = objectAt(record, 'requestParameters') ?? {};
  const data = objectAt(record, 'additionalEventData') ?? {};
  const context = objectAt(objectAt(record, 'userIdentity') ?? {}, 'sessionContext') ?? {};
  const inherited = objectAt(context, 'attributes')?.mfaAuthenticated === 'true';
  return stringAt(asked, 'serialNumber') !== null || stringAt(data, 'MFAUsed') === 'Yes' || inherited;
}

/** The answer, as data on the actor that the record shows: OCSF's own place for what another source adds. */
function whoIsBehind({ answer, part, status, reason }: ExportedRecord): Json {
  const {
    session,
    origin,
    kind,
    ci = null,
    approver = null,
    named,
    chain,
    flags,
    issuerEventIDs,
    sourceIdentity,
  } = answer;
  const value = origin?.arn ?? origin?.principalId ?? origin?.invokedBy ?? origin?.accountId ?? status;
  return {
    name: 'actor.user',
    value,
    type: 'origin',
    provider: 'roletrail',
    data: {
      session,
      part,
      status,
      reason,
      origin,
      kind,
      ci,
      approver,
      named,
      chain,
      flags,
      issuerEventIDs,
      sourceIdentity,
    },
  };
}
