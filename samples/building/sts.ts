import { type RoleSession, roleArn, sessionArn, type User } from './identity.ts';
import { type Actor, type CallOptions, type CloudTrailRecord, call, type Json } from './record.ts';

export interface Assumption {
  /** unique in the story; decides the eventID */
  name: string;
  caller: Actor;
  session: RoleSession;
  externalId?: string;
  sharedEventID?: string;
  recipient?: string;
  region?: string;
  host?: string | false;
  /** EC2's own calls answer with credentials alone: no assumedRoleUser (seen in real logs) */
  withoutAssumedRoleUser?: boolean;
}

/** A successful AssumeRole, as one of the accounts concerned logs it. */
export function assumeRole(assumption: Assumption): CloudTrailRecord {
  const { session, externalId, caller } = assumption;
  const options: CallOptions = {
    request: {
      roleArn: roleArn(session.role),
      roleSessionName: session.name,
      ...(externalId && { externalId }),
      durationSeconds: session.seconds,
    },
    response: assumption.withoutAssumedRoleUser
      ? { credentials: issuedTo(session).credentials }
      : issuedTo(session),
    resources: [{ accountId: session.role.account, type: 'AWS::IAM::Role', ARN: roleArn(session.role) }],
    ...(assumption.region && { region: assumption.region }),
    ...(assumption.recipient && { recipient: assumption.recipient }),
    ...(assumption.host !== undefined && { host: assumption.host }),
    ...(assumption.sharedEventID && { sharedEventID: assumption.sharedEventID }),
  };
  return call(assumption.name, session.issuedAt, caller, 'sts', 'AssumeRole', options);
}

/** What the answer to every way of assuming a role has in common. */
export function issuedTo(session: RoleSession): { credentials: Json; assumedRoleUser: Json } {
  return {
    credentials: {
      accessKeyId: session.accessKeyId,
      sessionToken: `IQoJb3JpZ2luX2VjEXAMPLE${session.accessKeyId.slice(4)}`,
      expiration: expiration(session.issuedAt, session.seconds),
    },
    assumedRoleUser: {
      assumedRoleId: `${session.role.id}:${session.name}`,
      arn: sessionArn(session),
    },
  };
}

/** A refused AssumeRole: CloudTrail logs no request; the error message alone names the role (seen in real logs). */
export function deniedAssumeRole(
  name: string,
  time: string,
  caller: Actor,
  role: RoleSession['role'],
): CloudTrailRecord {
  const who = (caller.identity as { arn: string }).arn;
  return call(name, time, caller, 'sts', 'AssumeRole', {
    error: [
      'AccessDenied',
      `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn(role)}`,
    ],
  });
}

/** `credentials.expiration` as CloudTrail prints it: `Mar 11, 2025, 10:12:04 AM`, UTC. */
export function expiration(issuedAt: string, seconds: number): string {
  const time = new Date(Date.parse(issuedAt) + seconds * 1000);
  const text = time.toLocaleString('en-US', {
    timeZone: 'UTC',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  });
  // Newer ICU data sets a narrow no-break space before AM; the samples must not depend on the runtime's.
  return text.replace(/\s/g, ' ');
}

/** The answer of iam:CreateAccessKey: it holds an access key id too, but a long-term one of a user. */
export function createdAccessKey(user: User, created: string): Json {
  return {
    accessKey: {
      userName: user.name,
      accessKeyId: user.accessKeyId,
      status: 'Active',
      createDate: expiration(created, 0),
    },
  };
}
