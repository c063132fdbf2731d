import { account, auditedRole, auditedRoleArn, auditedSessions, decoyRoles } from './accounts.ts';
import { anyAction } from './actions.ts';
import { type Principal, roleSession, service, user } from './identities.ts';
import type { Random } from './random.ts';
import { recordText } from './record.ts';

/** What a record is to the audit: `none` does not matter, `lookalike` does not either but a prefix match takes it. */
export type Kind = 'call' | 'issuance' | 'denied' | 'lookalike' | 'none';

export interface Generated {
  text: string;
  kind: Kind;
}

/** The trail around the audited sessions, with everything in it that has fooled a matcher. */
export class Background {
  readonly #random: Random;
  readonly #principals: [Principal, ...Principal[]];
  readonly #decoys: readonly [Principal, ...Principal[]];

  constructor(random: Random, began: number) {
    this.#random = random;
    this.#principals = [user(random)];
    for (let i = 0; i < 40; i += 1) {
      this.#principals.push(random.chance(0.3) ? user(random) : this.#session(began));
    }
    const [prefix, suffix, lower] = decoyRoles;
    this.#decoys = [
      roleSession(prefix, began, random),
      roleSession(suffix, began, random),
      roleSession(lower, began, random),
    ];
  }

  next(time: number): Generated {
    const random = this.#random;
    const dice = random.next();
    if (dice < 0.005) return { text: this.#decoyCall(time, 0), kind: 'lookalike' };
    if (dice < 0.01) return { text: this.#decoyCall(time, random.between(1, 2)), kind: 'none' };
    if (dice < 0.015) return { text: this.#namesTheRole(time), kind: 'none' };
    if (dice < 0.018) return { text: this.#forges(time), kind: 'none' };
    if (dice < 0.019) return { text: this.#deniedHop(time), kind: 'denied' };
    if (dice < 0.029) return { text: this.#whoAmI(time), kind: 'none' };
    const principal = dice < 0.1 ? service(random) : random.pick(this.#principals);
    const text = recordText({ ...anyAction(random), ...principal }, time, random);
    // CloudTrail writes some of a request's signs as \u escapes, of which a look at the bytes can read nothing.
    return { text: random.chance(0.01) ? text.replace(' ', '\\u0020') : text, kind: 'none' };
  }

  #session(began: number): Principal {
    return roleSession(`service-role-${this.#random.hex(4)}`, began, this.#random);
  }

  #decoyCall(time: number, index: number): string {
    const random = this.#random;
    const decoy = this.#decoys[index] ?? this.#decoys[0];
    return recordText({ ...anyAction(random), ...decoy }, time, random);
  }

  #namesTheRole(time: number): string {
    return this.#recordOf('iam', 'GetRole', { roleName: auditedRole }, time);
  }

  #forges(time: number): string {
    const record = {
      eventVersion: '1.11',
      userIdentity: {
        type: 'AssumedRole',
        arn: `${auditedSessions}mallory`,
        accessKeyId: 'ASIAFORGEDFORGEDFORG',
      },
      eventName: 'DeleteTrail',
    };
    return this.#recordOf(
      'ec2',
      'CreateTags',
      { note: `"}},${JSON.stringify(record)},{"eventVersion` },
      time,
    );
  }

  #whoAmI(time: number): string {
    return this.#recordOf('sts', 'GetCallerIdentity', null, time);
  }

  #deniedHop(time: number): string {
    const random = this.#random;
    const action = 'sts:AssumeRole';
    const errorMessage = `User: arn:aws:iam::${account}:user/mallory is not authorized to perform: ${action} on resource: ${auditedRoleArn}`;
    return recordText(
      {
        ...user(random),
        eventSource: 'sts.amazonaws.com',
        eventName: 'AssumeRole',
        readOnly: true,
        requestParameters: null,
        errorCode: 'AccessDenied',
        errorMessage,
      },
      time,
      random,
    );
  }

  #recordOf(name: string, eventName: string, requestParameters: object | null, time: number): string {
    const eventSource = `${name}.amazonaws.com`;
    const caller = this.#random.pick(this.#principals);
    return recordText(
      { ...caller, eventSource, eventName, readOnly: true, requestParameters },
      time,
      this.#random,
    );
  }
}
