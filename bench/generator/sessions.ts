import { account, auditedRole } from './accounts.ts';
import { anyAction } from './actions.ts';
import type { Generated } from './background.ts';
import {
  client,
  type Principal,
  type RoleSession,
  roleSession,
  service,
  stranger,
  user,
} from './identities.ts';
import type { Random } from './random.ts';
import { isoTime, recordText } from './record.ts';

interface Open {
  session: RoleSession;
  callsLeft: number;
}

const openAtOnce = 8;

/** The audited role's sessions: their issuances (users, another account, services, chains of two roles) and calls. */
export class AuditedSessions {
  readonly #random: Random;
  readonly #open: Open[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** One more call under the audited role, after the issuances it needs. One session in fifty was issued by nobody. */
  *next(time: number): Generator<Generated> {
    const random = this.#random;
    if (this.#open.length < openAtOnce) {
      const session = roleSession(auditedRole, time, random);
      if (!random.chance(0.02)) yield* this.#issue(session, time);
      this.#open.push({ session, callsLeft: random.between(5, 60) });
    }
    const at = random.between(0, this.#open.length - 1);
    const open = this.#open[at];
    if (!open) return;
    open.callsLeft -= 1;
    if (open.callsLeft === 0) this.#open.splice(at, 1);
    // In public trails a key has 1.02 addresses on average: few sessions are seen from another place.
    const elsewhere = random.chance(0.02) ? client(random) : {};
    const text = recordText({ ...anyAction(random), ...open.session, ...elsewhere }, time, random);
    yield { text: random.chance(0.03) ? hideName(text) : text, kind: 'call' };
  }

  *#issue(session: RoleSession, time: number): Generator<Generated> {
    const random = this.#random;
    const dice = random.next();
    if (dice < 0.3) {
      const hop = roleSession('Jump', time, random);
      yield this.#issuance(user(random), hop, time);
      yield this.#issuance(hop, session, time);
    } else if (dice < 0.4) yield this.#issuance(service(random), session, time);
    else if (dice < 0.7) yield this.#issuance(stranger(random), session, time);
    else yield this.#issuance(user(random), session, time);
  }

  #issuance(caller: Principal, issued: RoleSession, time: number): Generated {
    const random = this.#random;
    const { role, sessionName, accessKeyId, roleId } = issued;
    const roleArn = `arn:aws:iam::${account}:role/${role}`;
    const text = recordText(
      {
        ...caller,
        eventSource: 'sts.amazonaws.com',
        eventName: 'AssumeRole',
        readOnly: true,
        requestParameters: { roleArn, roleSessionName: sessionName, durationSeconds: 3600 },
        responseElements: {
          credentials: {
            accessKeyId,
            sessionToken: `IQoJb3JpZ2luX2VjE${random.id('', 240)}`,
            expiration: isoTime(time + 3600_000),
          },
          assumedRoleUser: {
            assumedRoleId: `${roleId}:${sessionName}`,
            arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
          },
        },
        resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: roleArn }],
      },
      time,
      random,
    );
    return { text, kind: 'issuance' };
  }
}

// The same JSON, in which no search of the bytes finds the role's name.
function hideName(text: string): string {
  return text.replaceAll(
    auditedRole,
    `\\u00${auditedRole.charCodeAt(0).toString(16)}${auditedRole.slice(1)}`,
  );
}
