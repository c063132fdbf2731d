import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { recordOf } from '../core/linking/logged.ts';
import { story } from '../core/linking/story.ts';
import { inProcess } from './in-process.ts';
import { project, readJson, type Summary, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();

/** What both wrote into their folders, but for what only an execution has. */
function reportIn(out: string) {
  const { executions: _, seconds: __, ...counts } = readJson<Summary>(out, 'summary.json');
  const text = (name: string) => readFileSync(join(out, name), 'utf8');
  return { calls: text('calls.ndjson'), sessions: text('sessions.ndjson'), counts };
}

async function bothOf(path: string, name: string, ...more: string[]) {
  const outs = ['replay', 'trace'].map(command => join(folder, `${name}-${command}`)) as [string, string];
  const replayed = await inProcess([
    ...['replay', path, '--out', outs[0], '--state', join(folder, 'state'), '--fresh', ...more],
  ]);
  const traced = await inProcess([
    ...['trace', path, '--out', outs[1], '--state', join(folder, `${name}.sqlite`), ...more],
  ]);
  return { replayed: reportIn(outs[0]), traced: reportIn(outs[1]), status: [replayed.status, traced.status] };
}

test.each([
  ['incident', []],
  ['incident', ['--roles', 'DataAdmin', '--accounts', '999999999999']],
])('the sample %s %j: a trace reports what a replay does, to the byte', async (sample, more) => {
  const path = join(project, 'samples', sample, 'input');
  const { replayed, traced, status } = await bothOf(path, `${sample}-${more.length}`, ...more);
  expect(traced).toEqual(replayed);
  expect(status[1]).toBe(status[0]);
});

test('generated stories, and what cannot be read beside them: the same', async () => {
  const logs = join(folder, 'stories');
  const stories = fc.sample(story, { numRuns: 40, seed: 7 });
  const write = (name: string, content: string | Buffer) => {
    mkdirSync(dirname(join(logs, name)), { recursive: true });
    writeFileSync(join(logs, name), content);
  };
  for (const [n, { events }] of stories.entries()) {
    // Keys and ids of a story are its own: each in a second story of the same names would be another's.
    const own = (text: string) =>
      text
        .replaceAll('STORY', `S${String(n).padStart(4, '0')}`)
        .replace(/"((?:call|issue|owner|caller|shared|more|copy)-[^"]*)"/g, `"$1-of-${n}"`);
    const records = events
      .filter(({ provenance }) => provenance === 'trail')
      .map(event => recordOf(event).record);
    const text = own(JSON.stringify({ Records: [...records, ...records.slice(0, 1)] }));
    const minute = String(n).padStart(2, '0');
    const name = `999999999999_CloudTrail_us-east-1_20250602T10${minute}Z_${'u'.repeat(16)}.json.gz`;
    if (n % 2) write(`AWSLogs/999999999999/CloudTrail/us-east-1/2025/06/02/${name}`, gzipSync(text));
    else write(`logs/${minute}.json`, text);
    for (const [at, event] of events.entries()) {
      if (event.provenance === 'trail') continue;
      const { recipientAccountId: account } = event;
      const { record } = recordOf(event);
      const detail = JSON.parse(own(JSON.stringify(record)));
      const type = 'AWS API Call via CloudTrail';
      write(
        `events/${minute}-${at}.json`,
        JSON.stringify({
          'detail-type': type,
          account,
          region: 'us-east-1',
          time: '2025-06-02T10:00:00Z',
          detail,
        }),
      );
    }
  }
  write('broken.json', '{"Records":[{');
  write('odd.json', '{"Records":[{"eventSource":7},{"eventVersion":"1.08"}]}');
  write('message.json', '{"s3Bucket":"another","s3ObjectKey":["AWSLogs/x.json.gz"]}');
  const { replayed, traced, status } = await bothOf(logs, 'stories');
  expect(traced).toEqual(replayed);
  expect(status).toEqual([3, 3]);
});
