import type { People } from '../../people/people.ts';
import type { AnsweredCall } from '../../queries/answered-calls.ts';
import { clean } from '../text/clean.ts';
import { columns, day, shorten } from '../text/format.ts';
import type { Listed } from '../text/listed.ts';
import type { Paint } from '../text/paint.ts';
import { nameParty, nameRole } from './party.ts';

/** Characters of an eventID that a line shows; `who` finds it by them. */
const idShown = 8;
const longestResource = 60;

/** Who made a call, as its session's answer says, or why nobody is named. */
export function whoOf(
  { session, answered }: Pick<AnsweredCall, 'session' | 'answered'>,
  people: People,
): string {
  const origin = answered.answer === null && session?.status === 'linked' ? null : session?.origin;
  return origin ? nameParty(origin, people).name : `(${answered.status})`;
}

/** `s3 GetObject` */
export function actionOf({ eventSource, eventName }: { eventSource: string; eventName: string }): string {
  return `${eventSource.replace(/\.amazonaws\.com(?:\.cn)?$/, '')} ${eventName}`;
}

/** The first thing that a call touched, and how many more. */
export function touchedText(
  { resources, more }: AnsweredCall['call']['touched'],
  longest = longestResource,
): string {
  const [first, ...others] = resources;
  const rest = others.length + more;
  return first ? `${shorten(clean(first.name), longest)}${rest > 0 ? ` and ${rest} more` : ''}` : '';
}

/** Calls over sessions, a line each. */
export function callList(people: People, paint: Paint): Listed<AnsweredCall> {
  return {
    noun: ['call', 'calls'],
    json: callJson(people),
    columns: {
      time: ({ call }) => call.eventTime,
      service: ({ call }) => call.eventSource,
      action: ({ call }) => call.eventName,
      access: ({ call }) => call.touched.access,
      resources: ({ call }) => call.touched.resources.map(({ id }) => id).join(' '),
      moreResources: ({ call }) => call.touched.more,
      error: ({ call }) => call.errorCode,
      address: ({ call }) => call.sourceIPAddress,
      region: ({ call }) => call.awsRegion,
      account: ({ call }) => call.recipientAccountId,
      agent: ({ call }) => call.agent,
      status: ({ answered }) => answered.status,
      who: each => whoOf(each, people),
      origin: ({ session }) => session?.origin?.arn ?? session?.origin?.principalId,
      role: ({ session }) => session?.roleArn,
      session: ({ answered }) => answered.session,
      eventID: ({ call }) => call.eventID,
    },
    lines: calls =>
      columns(
        calls.map(each => {
          const { call, session } = each;
          const { access } = call.touched;
          return [
            day(call.eventTime),
            `${whoOf(each, people)} → ${nameRole(session?.roleArn ?? null).name}`,
            clean(actionOf(call)),
            access === 'unknown' ? '' : access,
            touchedText(call.touched),
            clean(call.errorCode ?? ''),
            clean(call.sourceIPAddress ?? ''),
            clean(call.eventID.slice(0, idShown)),
          ];
        }),
      ).map((line, index) => (calls[index]?.call.errorCode ? paint.yellow(line) : line)),
  };
}

function callJson(people: People) {
  return ({ call, answered, session }: AnsweredCall) => {
    const { use: _, request: __, touched, ...said } = call;
    const who = whoOf({ session, answered }, people);
    return {
      ...said,
      ...touched,
      ...{ status: answered.status, reason: answered.reason, session: answered.session, note: answered.note },
      ...{
        who,
        origin: session?.origin ?? null,
        roleArn: session?.roleArn ?? null,
        kind: session?.kind ?? null,
      },
    };
  };
}
