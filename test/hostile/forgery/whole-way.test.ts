import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPublished } from '@roletrail/local';
import fc from 'fast-check';
import { type Story, story } from '../../core/linking/story.ts';
import { type UnrecordedStory, unrecordedStory } from '../../core/linking/unrecorded-story.ts';
import { inProcess } from '../../replay/in-process.ts';
import { temporaryFolder } from '../../replay/roletrail.ts';
import { forgedBy, stranger } from './forged-event.ts';
import { ownIssuance, type ToldStory, toldAs, writeMessage, writeStories } from './told-story.ts';

const folder = temporaryFolder();
const seed = 20250311;
const full = process.env.ROLETRAIL_HOSTILE === 'full';
const stories = full ? 20 : 8;
const liesOfStory = full ? 50 : 6;

// Production's own events come by its trail, by no topic.
const tellable = story.filter(({ events }) =>
  events.every(each => each.provenance === 'trail' || each.recipientAccountId !== '999999999999'),
);

type Line = Record<string, unknown>;

/** Replays a folder; what is shown of it, but for flags and claims, and the mails. */
async function shownOf(input: string, name: string) {
  const [state, out] = [join(folder, `${name}-state`), join(folder, `${name}-out`)];
  const ran = await inProcess(['replay', input, '--roles', '*', '--state', state, '--out', out]);
  const lines = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Line);
  const plain = ({ flags: _, claims: __, ...shown }: Line) => shown;
  const alerted = await inProcess(['sessions', '--alerted', '--json', '--state', state]);
  return {
    status: ran.status,
    told: ran.out,
    flags: lines(join(out, 'sessions.ndjson')).flatMap(({ flags }) => flags as string[]),
    calls: lines(join(out, 'calls.ndjson')).map(plain),
    sessions: new Map(lines(join(out, 'sessions.ndjson')).map(line => [line.session, plain(line)])),
    alerted: (JSON.parse(alerted.out) as { session: string }[]).map(({ session }) => session).sort(),
    mails: readPublished(state)
      .map(each =>
        each.service === 'sns'
          ? each.message.replace(/^ *flags:? .*\n/m, '')
          : JSON.stringify({ ...(each.event.detail as Line), flags: [] }),
      )
      .sort(),
  };
}

/** Of each call whose truth is known from the plan of its story: what it must be told as. */
function truthOf(generated: Story | UnrecordedStory, { idOf }: ToldStory): [string, string][] {
  return generated.truth.map(each => {
    const status = 'status' in each ? each.status : each.linked ? 'linked' : 'not-linked';
    return [idOf(each.eventID), status];
  });
}

const contradictions = ({ flags }: { flags: string[] }) =>
  flags.filter(flag => flag === 'claim-contradicts-trail').length;

test(`${stories} stories the whole way: ${stories * liesOfStory} messages of an adversary beside them change nothing that is shown`, async () => {
  // Given
  const generated = fc.sample<Story | UnrecordedStory>(fc.oneof(tellable, unrecordedStory), {
    numRuns: stories,
    seed,
  });
  const told = generated.map(({ events }, n) => toldAs(n, events));
  const [honest, attacked] = [join(folder, 'honest'), join(folder, 'attacked')];
  writeStories(honest, told);
  // The adversary has been a partner all along: both replays run on the same stack.
  writeMessage(honest, '00-honest', stranger, ownIssuance);
  cpSync(honest, attacked, { recursive: true });
  for (const [n, { events }] of told.entries()) {
    const lies = fc.sample(forgedBy(stranger, events), { numRuns: liesOfStory, seed: seed + n });
    for (const [at, lie] of lies.entries()) {
      // Some before the stories' own, some after.
      writeMessage(attacked, `${at % 2 === 0 ? '00' : '99'}-adversary-${n}-${at}`, stranger, lie);
    }
  }
  // When
  const before = await shownOf(honest, 'before');
  const after = await shownOf(attacked, 'after');
  // Then: the stories are told as they were
  expect(before.status).toBe(0);
  const statuses = new Map(
    before.calls.map(({ eventID, status }) => [
      eventID,
      status === 'linked' || status === 'ambiguous' ? status : 'not-linked',
    ]),
  );
  const truth = generated.flatMap((each, n) => truthOf(each, told[n] as ToldStory));
  const shown = truth.filter(([eventID]) => statuses.has(eventID));
  expect(shown.map(([eventID]) => [eventID, statuses.get(eventID)])).toEqual(shown);
  expect(new Set(shown.map(([, status]) => status))).toEqual(new Set(['linked', 'not-linked']));
  expect(shown.length).toBeGreaterThan(stories);
  // And they are told so beside the lies
  expect(after.calls).toEqual(before.calls);
  for (const [name, session] of before.sessions)
    expect({ name, ...after.sessions.get(name) }).toEqual({ name, ...session });
  expect(before.alerted.length).toBeGreaterThan(0);
  expect(after.alerted).toEqual(before.alerted);
  expect(before.mails.length).toBeGreaterThan(0);
  expect(after.mails).toEqual(before.mails);
  // Some lies were refused at the door, some came as far as a flag.
  expect(after.told).toContain('NotItsOwn');
  expect(contradictions(after)).toBeGreaterThan(contradictions(before));
});
