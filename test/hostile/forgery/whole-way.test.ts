import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readPublished } from '@roletrail/local';
import fc from 'fast-check';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { RecordError } from '../../../core/records/read.ts';
import { snsEnvelope } from '../../../samples/building/message.ts';
import { inProcess } from '../../replay/in-process.ts';
import { project, temporaryFolder } from '../../replay/roletrail.ts';
import { forgedBy, stranger } from './forged-event.ts';

const folder = temporaryFolder();
const incident = join(project, 'samples', 'incident', 'input');
const messages = process.env.ROLETRAIL_HOSTILE === 'full' ? 1_000 : 120;

/** What our own trail of the sample says. */
function eventsOf(logs: string): AuditEvent[] {
  const roles = new AuditedRoles(['*']);
  const files = readdirSync(logs, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    name.endsWith('.json.gz'),
  );
  return files.flatMap(({ parentPath, name }) => {
    const { Records } = JSON.parse(gunzipSync(readFileSync(join(parentPath, name))).toString()) as {
      Records: unknown[];
    };
    return (Records ?? []).flatMap(record => {
      try {
        return normalize(record, { source: name, provenance: 'trail', account: null }, roles);
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        return [];
      }
    });
  });
}

/** Replays a folder; what is shown of it, but for flags and claims, and the mails. */
async function shownOf(input: string, name: string) {
  const [state, out] = [join(folder, `${name}-state`), join(folder, `${name}-out`)];
  const ran = await inProcess(['replay', input, '--roles', '*', '--state', state, '--out', out]);
  const lines = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Record<string, unknown>);
  const plain = ({ flags: _, claims: __, ...shown }: Record<string, unknown>) => shown;
  const alerted = await inProcess(['sessions', '--alerted', '--json', '--state', state]);
  return {
    status: ran.status,
    told: ran.out,
    calls: lines(join(out, 'calls.ndjson')).map(plain),
    sessions: new Map(lines(join(out, 'sessions.ndjson')).map(line => [line.session, plain(line)])),
    alerted: (JSON.parse(alerted.out) as { session: string }[]).map(({ session }) => session).sort(),
    mails: readPublished(state)
      .map(each => (each.service === 'sns' ? each.message : JSON.stringify(each.event.detail)))
      .sort(),
  };
}

test(`${messages} messages of an adversary beside the sample's incident, the whole way, change nothing that is shown`, async () => {
  // Given
  const lies = fc.sample(forgedBy(stranger, eventsOf(incident)), { numRuns: messages, seed: 20250311 });
  const attacked = join(folder, 'attacked');
  cpSync(incident, attacked, { recursive: true });
  mkdirSync(join(attacked, 'messages'), { recursive: true });
  const topic = `arn:aws:sns:us-east-1:${stranger}:roletrail-assume-role`;
  for (const [n, record] of lies.entries()) {
    const time = record.eventTime;
    const event = {
      version: '0',
      id: `${n}`,
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.sts',
      account: stranger,
      time,
      region: 'us-east-1',
      resources: [],
      detail: record,
    };
    // Some before the incident's own, some after.
    const name = `${n % 2 === 0 ? '00' : '99'}-adversary-${n}.json`;
    writeFileSync(
      join(attacked, 'messages', name),
      JSON.stringify(snsEnvelope(`lie-${n}`, topic, event, time)),
    );
  }
  // When
  const before = await shownOf(incident, 'before');
  const after = await shownOf(attacked, 'after');
  // Then
  expect(before.calls.length).toBeGreaterThan(30);
  expect(before.alerted.length).toBeGreaterThan(0);
  expect(after.calls).toEqual(before.calls);
  for (const [name, session] of before.sessions)
    expect({ name, ...after.sessions.get(name) }).toEqual({ name, ...session });
  expect(after.alerted).toEqual(before.alerted);
  expect(before.mails.length).toBeGreaterThan(0);
  expect(after.mails).toEqual(before.mails);
  expect(after.told).toContain('NotItsOwn');
});
