import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { minuteMillis } from '../core/records/times.ts';
import { Announcer } from './runtime/announcer.ts';
import { bounded } from './runtime/clients.ts';
import { readCount, readEnvironment } from './runtime/environment.ts';
import { framed, type Tools } from './runtime/handler.ts';
import { AlertsTable } from './store/alerts-table.ts';
import { EvidenceTable } from './store/evidence-table.ts';
import { HeardTable } from './store/heard-table.ts';
import { LedgerTable } from './store/ledger-table.ts';
import { readRetention } from './store/retention.ts';
import { SessionsTable } from './store/sessions-table.ts';
import { type QuietDependencies, watchQuiet } from './watch/quiet.ts';
import { SessionWatch, type WatchDependencies } from './watch/sessions.ts';

function prepare({ log }: Tools): WatchDependencies & QuietDependencies {
  const environment = readEnvironment('watch');
  const dynamo = new DynamoDBClient(bounded);
  const announcer = new Announcer(
    new EventBridgeClient(bounded),
    new SNSClient(bounded),
    environment.ALARM_TOPIC,
    environment.EVENT_SOURCE,
  );
  return {
    sessions: new SessionsTable(dynamo, environment.SESSIONS_TABLE),
    evidence: new EvidenceTable(dynamo, environment.EVIDENCE_TABLE),
    ledger: new LedgerTable(dynamo, environment.LEDGER_TABLE),
    alerts: new AlertsTable(dynamo, environment.SESSIONS_TABLE, readRetention(environment.RETENTION_DAYS)),
    announcer,
    heard: new HeardTable(dynamo, environment.SESSIONS_TABLE),
    quietMinutes: readCount('QUIET_MINUTES', environment.QUIET_MINUTES),
    graceMinutes: readCount('GRACE_MINUTES', environment.GRACE_MINUTES),
    lookbackDays: readCount('LOOKBACK_DAYS', environment.LOOKBACK_DAYS),
    log,
  };
}

/** Time that is left for the sessions at hand, and to note where to go on. */
const reserveMilliseconds = minuteMillis;

/** Started by a schedule; what one run could not do, the next one does. */
export const handler = framed({
  name: 'Watch',
  prepare,
  work: async (_event: unknown, prepared: ReturnType<typeof prepare>, { lambda, log, count }) => {
    const now = new Date();
    const watch = new SessionWatch(prepared, now);
    const [watched, quiet] = await Promise.allSettled([
      watch.run(deadlineOf(lambda)),
      watchQuiet(prepared, now),
    ]);
    // Counted even if some of them failed: sessions that were given up must be reported.
    count('AlertsGivenUp', watch.watched.givenUp);
    if (quiet.status === 'fulfilled') count('AccountsQuiet', quiet.value);
    if (watched.status === 'rejected') throw watched.reason;
    const { alerted, explained, noCoverage } = watched.value;
    log.info('watched', { ...watched.value });
    count('Alerted', alerted);
    count('Explained', explained);
    count('NoCoverage', noCoverage);
    if (quiet.status === 'rejected') throw quiet.reason;
    return { ...watched.value, quiet: quiet.value };
  },
});

function deadlineOf(context: Context): number {
  const left = context.getRemainingTimeInMillis();
  return Date.now() + Math.max(left - reserveMilliseconds, left / 2);
}
