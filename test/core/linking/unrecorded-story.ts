import fc from 'fast-check';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { normalized } from './logged.ts';

/** A session whose calls may show keys that no record issued. */
interface Plan {
  person: number;
  /** Identity Center's role, named after the person; or a role under a name that the caller chose */
  way: 'center' | 'chosen';
  name: number;
  /** in which of a few seconds it was issued: several sessions of one principal share one, or follow one another */
  second: number;
  /** the creation date that calls with its issued key show is one second younger than the issuance */
  shifted: boolean;
  calls: Call[];
}

interface Call {
  /** with the issued key; by a service for the session; with a fresh key and nothing that says why; after a sign-in on record */
  shows: 'issued-key' | 'service' | 'nothing' | 'sign-in';
  /** the calls' creation date may be one second younger than the issuance */
  late: boolean;
}

export interface Told {
  eventID: string;
  status: 'linked' | 'ambiguous' | 'not-linked';
  /** ARN or principal id of the only person it may be; null: nobody may be named */
  person: string | null;
}

export interface UnrecordedStory {
  events: AuditEvent[];
  truth: Told[];
}

const account = '999999999999';
const begin = Date.UTC(2026, 2, 4, 10);
const roles = new AuditedRoles(['*']);
/** Names that callers choose look like anything, also like a person. */
const chosenNames = ['ceo@example.com', 'deploy'];
const permissionSet = 'AWSReservedSSO_Admin_0123456789abcdef';

const call: fc.Arbitrary<Call> = fc.record({
  shows: fc.constantFrom('issued-key' as const, 'service' as const, 'nothing' as const, 'sign-in' as const),
  late: fc.boolean(),
});

const plan: fc.Arbitrary<Plan> = fc.record({
  person: fc.nat(2),
  way: fc.constantFrom('center' as const, 'chosen' as const),
  name: fc.nat(chosenNames.length - 1),
  second: fc.nat(2),
  shifted: fc.boolean(),
  calls: fc.array(call, { minLength: 1, maxLength: 3 }),
});

/** Stories of up to four sessions with their truth, which is read from the plan and not from any linking. */
export const unrecordedStory: fc.Arbitrary<UnrecordedStory> = fc
  .record({ plans: fc.array(plan, { minLength: 1, maxLength: 4 }), logged: fc.boolean() })
  .map(({ plans, logged }) => tell(plans, logged))
  .filter(({ events }) => events.length > 0);

const time = (seconds: number) => new Date(begin + seconds * 1000).toISOString().replace('.000', '');
const issuedAt = ({ second }: Plan) => [0, 1, 10][second] as number;
/** The creation date of a call's session, in seconds. */
const created = (each: Plan, { shows, late }: Call) =>
  issuedAt(each) + ((shows === 'issued-key' ? each.shifted : late) ? 1 : 0);
const issuedKey = (n: number) => `ASIAISSUED0000000${String(n).padStart(3, '0')}`;
const subject = (person: number) => `person${person}@example.com`;
const userArn = (person: number) => `arn:aws:iam::${account}:user/person${person}`;
const personOf = ({ way, person }: Plan) =>
  way === 'center' ? `PROVIDER=:${subject(person)}` : userArn(person);

const sessionName = ({ way, person, name }: Plan) =>
  way === 'center' ? subject(person) : (chosenNames[name] as string);
const roleName = ({ way }: Plan) => (way === 'center' ? permissionSet : 'Deployer');
const roleArn = (each: Plan) =>
  `arn:aws:iam::${account}:role/${each.way === 'center' ? 'aws-reserved/sso.amazonaws.com/' : ''}${roleName(each)}`;
const principalId = (each: Plan) => `AROA${each.way.toUpperCase()}00000000000:${sessionName(each)}`;
const arn = (each: Plan) => `arn:aws:sts::${account}:assumed-role/${roleName(each)}/${sessionName(each)}`;
const samePrincipal = (one: Plan, other: Plan) => principalId(one) === principalId(other);

function tell(plans: Plan[], logged: boolean): UnrecordedStory {
  const events: AuditEvent[] = [];
  const truth: Told[] = [];
  for (const [n, each] of plans.entries()) {
    if (logged) events.push(issuance(each, n));
    for (const [index, made] of each.calls.entries()) {
      const eventID = `call-${n}-${index}`;
      if (made.shows === 'sign-in') events.push(signIn(each, n, index, made));
      events.push(event(callRecord(each, n, index, made)));
      truth.push({ eventID, ...toldOf(plans, each, made, logged) });
    }
  }
  return { events, truth };
}

/** What may be told of a call, and no more. */
function toldOf(plans: Plan[], each: Plan, made: Call, logged: boolean): Omit<Told, 'eventID'> {
  const unknown = { status: 'not-linked', person: null } as const;
  if (!logged) return unknown;
  if (made.shows === 'issued-key') return { status: 'linked', person: personOf(each) };
  const date = created(each, made);
  const same = plans.filter(other => samePrincipal(each, other));
  // A sign-in on record, of this very creation date, is known for the session, not for one call of it.
  const signedIn = same.some(other =>
    other.calls.some(call => call.shows === 'sign-in' && created(other, call) === date),
  );
  const marked = each.way === 'center' || made.shows === 'service';
  if (!marked && !signedIn) return unknown;
  // A session began when the calls with its issued key say; where there are none, in the second of its issue.
  const isShifted = (other: Plan) => other.shifted && other.calls.some(call => call.shows === 'issued-key');
  const ofDate = same.filter(other => issuedAt(other) + (isShifted(other) ? 1 : 0) === date);
  // Of the second before, one alone; and only where the call itself says why no record issued its key.
  const before = same.filter(other => issuedAt(other) === date - 1 && !isShifted(other));
  const candidates = ofDate.length > 0 ? ofDate : marked && before.length === 1 ? before : [];
  if (candidates.length === 0) return unknown;
  const people = new Set(candidates.map(personOf));
  return people.size === 1
    ? { status: 'linked', person: personOf(candidates[0] as Plan) }
    : { status: 'ambiguous', person: null };
}

function issuance(each: Plan, n: number): AuditEvent {
  const center = each.way === 'center';
  return event({
    eventID: `issue-${n}`,
    eventName: center ? 'AssumeRoleWithSAML' : 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    eventTime: time(issuedAt(each)),
    userIdentity: center
      ? {
          type: 'SAMLUser',
          principalId: personOf(each),
          userName: subject(each.person),
          identityProvider: 'PROVIDER=',
        }
      : {
          type: 'IAMUser',
          arn: userArn(each.person),
          principalId: `AIDAPERSON${each.person}`,
          accountId: account,
          accessKeyId: `AKIAPERSON${each.person}`,
          userName: `person${each.person}`,
        },
    requestParameters: { roleArn: roleArn(each), roleSessionName: sessionName(each) },
    responseElements: {
      credentials: { accessKeyId: issuedKey(n), expiration: time(issuedAt(each) + 3600) },
      assumedRoleUser: { assumedRoleId: principalId(each), arn: arn(each) },
    },
  });
}

function identity(each: Plan, made: Call, accessKeyId: string | null) {
  return {
    type: 'AssumedRole',
    arn: arn(each),
    principalId: principalId(each),
    accountId: account,
    ...(accessKeyId && { accessKeyId }),
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: roleArn(each), principalId: principalId(each).split(':')[0] },
      attributes: { creationDate: time(created(each, made)), mfaAuthenticated: 'false' },
    },
  };
}

function callRecord(each: Plan, n: number, index: number, made: Call) {
  const { shows } = made;
  const key =
    shows === 'issued-key'
      ? issuedKey(n)
      : `ASIAFRESH00000${String(n).padStart(3, '0')}${String(index).padStart(3, '0')}`;
  return {
    eventID: `call-${n}-${index}`,
    eventName: 'ListBuckets',
    eventSource: 's3.amazonaws.com',
    eventTime: time(issuedAt(each) + 60 + index),
    userIdentity: {
      ...identity(each, made, key),
      ...(shows === 'service' && { invokedBy: 'cloudformation.amazonaws.com' }),
    },
  };
}

/** `aws login` of this session: its keys are shown by no record. */
function signIn(each: Plan, n: number, index: number, made: Call): AuditEvent {
  return event({
    eventID: `token-${n}-${index}`,
    eventName: 'CreateOAuth2Token',
    eventSource: 'signin.amazonaws.com',
    eventTime: time(issuedAt(each) + 30),
    userIdentity: identity(each, made, null),
    additionalEventData: { success: 'true' },
  });
}

function event(record: Record<string, unknown>): AuditEvent {
  const whole = { recipientAccountId: account, ...record };
  return normalized(whole, { source: 'story', provenance: 'trail', account: null }, roles);
}
