import { join } from 'node:path';
import fc from 'fast-check';
import { samplesConfigFile } from '../../../cli/deployment/base-config.ts';
import { noNames } from '../../../cli/people/people.ts';
import { activityOf } from '../../../cli/queries/activity.ts';
import { readAnswers, sessionLine } from '../../../cli/replay/answers.ts';
import { Collected } from '../../../cli/replay/collected.ts';
import { linesOf } from '../../../cli/report/report.ts';
import { onTrace } from '../../../cli/trace/asked.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { readConfig } from '../../../infra/config.ts';
import type { WorkData } from '../../../steps/transport/work-data.ts';
import { recordOf } from '../../core/linking/logged.ts';
import { story } from '../../core/linking/story.ts';
import { unrecordedStory } from '../../core/linking/unrecorded-story.ts';
import { type HeldFile, memoryStore } from '../queries/memory-store.ts';
import { eventOf, logKey, temporaryFolder, writeFiles } from './folders.ts';
import { traceOf } from './traced.ts';

/** The report's lines as a replay makes them, of the same events: linked in memory, one batch after the other. */
async function replayed(batches: readonly AuditEvent[][], files: HeldFile[]) {
  const sessions = new MemorySessionStore();
  const collected = new Collected({} as WorkData);
  for (const batch of batches) {
    for (const event of batch) collected.add(event);
    await correlate(batch, sessions);
  }
  const { ledger } = memoryStore({ files });
  const answers = await readAnswers(collected, { sessions, ledger, graceMinutes: 0 } as never);
  const text = (lines: Iterable<string>) => [...lines].map(line => `${line}\n`).join('');
  return {
    calls: text(linesOf(answers.calls, noNames)),
    sessions: text(linesOf(answers.sessions.map(sessionLine), noNames)),
    issuances: collected.issuances.size,
  };
}

/** A story's events, cut into log files of two hours of our own account; partners' come as events of their topics. */
const delivered = fc
  .tuple(
    fc.oneof(
      story.map(({ events }) => events),
      unrecordedStory.map(({ events }) => events),
    ),
  )
  .chain(([events]) =>
    fc.record({
      events: fc.constant(events),
      file: fc.array(fc.nat(2), { minLength: events.length, maxLength: events.length }),
      again: fc.subarray([...events.keys()]),
      named: fc.boolean(),
    }),
  );

/** Whose own events none of the stories has: each account of theirs is a partner. */
const samples = readConfig(samplesConfigFile);
const base = { ...samples, production: { ...samples.production, account: '888888888888' }, partners: [] };

const folder = temporaryFolder();
let runs = 0;

test('what a folder is traced to is what its events are replayed to, to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(delivered, async ({ events, file, again, named }) => {
      runs += 1;
      const logs = join(folder, `run-${runs}`);
      const of = (index: number) =>
        events.filter(
          (event, at) =>
            event.provenance === 'trail' && (file[at] === index || (index === 3 && again.includes(at))),
        );
      const partners = events.filter(({ provenance }) => provenance === 'partner');
      const keys = [0, 1, 2, 3].map(index =>
        named ? logKey('999999999999', `20250602T10${index}0Z`, `f${index}`) : `logs/file-${index}.json`,
      );
      writeFiles(logs, {
        ...Object.fromEntries(
          keys.map((key, index) => [key, of(index).map(event => recordOf(event).record)]),
        ),
        ...Object.fromEntries(
          partners.map((event, at) => [
            `partners/${at}.json`,
            eventOf(event.recipientAccountId, recordOf(event).record),
          ]),
        ),
      });
      const batches = [...keys.keys()].map(of);
      const held = keys.map((key, index): HeldFile => {
        // None of the records says whether it is of a call that only reads.
        const times = of(index).map(({ eventTime }) => eventTime);
        return {
          ...{ bucket: 'b', key, etag: key, execution: 'e', at: '' },
          ...{ earliest: times.sort()[0] ?? null, reads: true },
        };
      });
      const expected = await replayed([...batches, partners], held);
      const { calls, sessions, traced } = await traceOf(logs, { base });
      expect({ calls, sessions, issuances: traced.summary.issuances }).toEqual(expected);
      expect(traced.refusals).toEqual([]);
      // Lists and the console count as the report does.
      const { linkedCalls, deliveredCalls, unlinkedCalls } = traced.summary;
      const { counts } = await onTrace(`${logs}-state.sqlite`, store => activityOf(store));
      expect(counts).toMatchObject({
        linked: linkedCalls,
        named: deliveredCalls,
        others: unlinkedCalls - deliveredCalls,
        sessions: traced.summary.sessions,
      });
      expect(traced.summary).toMatchObject({
        records: batches.flat().length + partners.length,
        duplicates: again.filter(at => events[at]?.provenance === 'trail').length,
        quarantined: 0,
      });
    }),
    { numRuns: 60 },
  );
});
