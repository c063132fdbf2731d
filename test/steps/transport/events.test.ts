import type { AuditEvent, Caller } from '../../../core/records/event.ts';
import { BlockWriter, readBlocks } from '../../../steps/transport/blocks.ts';
import { EventWriter } from '../../../steps/transport/event-writer.ts';
import { eventsWithRecords, readEvents } from '../../../steps/transport/events.ts';
import { writeSources } from '../../../steps/transport/frames.ts';
import { eventsOf, linkingCases } from '../../core/linking/linking-case.ts';

const badFrame = expect.objectContaining({ name: 'BadFrame' });
const given = linkingCases().flatMap(eventsOf);

async function* blocksOf(...writers: BlockWriter[]) {
  yield* readBlocks(Buffer.concat(writers.flatMap(writer => writer.finish())));
}

function written(events: readonly AuditEvent[]): BlockWriter {
  const frames = new BlockWriter();
  const writer = new EventWriter(frames);
  for (const [index, event] of events.entries()) writer.write(2 * index, event, event);
  return frames;
}

async function read(...writers: BlockWriter[]) {
  const events: { index: number; event: AuditEvent }[] = [];
  for await (const block of readEvents(blocksOf(...writers))) events.push(...block);
  return events;
}

const indexed = (events: readonly AuditEvent[]) =>
  events.map((event, index) => ({ index: 2 * index, event }));

test('events arrive as they were written, each with its index', async () => {
  expect(await read(written(given))).toEqual(indexed(given));
});

test('events with one caller arrive with one caller, whatever comes between them', async () => {
  const [first, second] = given as [AuditEvent, AuditEvent];
  const shared = { ...second, caller: first.caller };
  const apart = { ...second, caller: structuredClone(first.caller) };
  const [a, b, c, d] = (await read(written([first, second, shared, apart]))).map(each => each.event);
  expect(c?.caller).toBe(a?.caller);
  expect(b?.caller).not.toBe(a?.caller);
  expect(d?.caller).toEqual(a?.caller);
});

test('more callers than are held at once, each of them coming back, over several blocks', async () => {
  const [base] = given as [AuditEvent];
  const issuance = given.find(event => event.issuance)?.issuance ?? null;
  const callers = Array.from(
    { length: 1200 },
    (_, n): Caller => ({ ...base.caller, userName: `user-${n}`, arn: `arn:${'x'.repeat(600)}:${n}` }),
  );
  // Steps of 7 and 11 meet the slots in every order, so that an event's two callers also come to want one slot.
  const events = Array.from({ length: 5000 }, (_, n): AuditEvent => {
    const issuing = callers[(n * 11) % callers.length] as Caller;
    const caller = callers[(n * 7) % callers.length] as Caller;
    return { ...base, caller, issuance: issuance && { ...issuance, caller: issuing } };
  });
  expect(issuance).not.toBeNull();
  expect(await read(written(events))).toEqual(indexed(events));
});

test.each([
  ['whose setting was not written', JSON.stringify(['id', 'time', 'source', 'name', 3, 'digest'])],
  ['in the shape of the version before', JSON.stringify(Array(16).fill(null))],
  ['in a shape of another version', '{"caller":3,"issuance":null}'],
])('an event %s is refused by name', async (_, text) => {
  const frames = new BlockWriter();
  frames.writeFrame(0, text);
  await expect(read(frames)).rejects.toThrow(badFrame);
});

describe('events with their records', () => {
  test('come from whichever block the record lies in', async () => {
    const [one, two, three] = given as [AuditEvent, AuditEvent, AuditEvent];
    const records = new BlockWriter();
    writeSources(records, []);
    const later = new BlockWriter();
    for (const n of [0, 1, 2]) records.writeFrame(0, `{"record":${n}}`);
    for (const n of [3, 4]) later.writeFrame(0, `{"record":${n}}`);
    const joined: unknown[] = [];
    const events = written([one, two, three]);
    for await (const each of eventsWithRecords(blocksOf(events), blocksOf(records, later))) joined.push(each);
    expect(joined).toEqual([
      { event: one, text: '{"record":0}' },
      { event: two, text: '{"record":2}' },
      { event: three, text: '{"record":4}' },
    ]);
  });

  test('an event without a record is refused by name', async () => {
    const records = new BlockWriter();
    writeSources(records, []);
    records.writeFrame(0, '{}');
    const events = written((given as [AuditEvent, AuditEvent]).slice(0, 2));
    const joined = eventsWithRecords(blocksOf(events), blocksOf(records));
    expect((await joined.next()).value).toEqual({ event: given[0], text: '{}' });
    await expect(joined.next()).rejects.toThrow(badFrame);
  });
});
