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
import { LedgerTable } from './store/ledger-table.ts';
import { SessionsTable } from './store/sessions-table.ts';
import { SessionWatch, type WatchDependencies, type Watched } from './watch/sessions.ts';

function prepare({ log }: Tools): WatchDependencies {
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
    alerts: new AlertsTable(dynamo, environment.SESSIONS_TABLE),
    announcer,
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
  work: async (_event: unknown, prepared: WatchDependencies, { lambda, log, count }): Promise<Watched> => {
    const watched = await new SessionWatch(prepared, new Date()).run(deadlineOf(lambda));
    log.info('watched', { ...watched });
    count('Alerted', watched.alerted);
    count('Explained', watched.explained);
    count('NoCoverage', watched.noCoverage);
    return watched;
  },
});

function deadlineOf(context: Context): number {
  const left = context.getRemainingTimeInMillis();
  return Date.now() + Math.max(left - reserveMilliseconds, left / 2);
}
