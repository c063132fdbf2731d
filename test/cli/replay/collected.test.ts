import { S3Client } from '@aws-sdk/client-s3';
import { Collected } from '../../../cli/replay/collected.ts';
import type { Outcome } from '../../../cli/replay/outcome.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { EventWriter } from '../../../steps/transport/event-writer.ts';
import { type Batch, type Counts, noCounts } from '../../../steps/transport/payloads.ts';
import { WorkData } from '../../../steps/transport/work-data.ts';

const workData = new WorkData(new S3Client({ region: 'us-east-1' }), 'work', 'test');
const roles = new AuditedRoles(['*']);

const call = (eventID: string, more: Record<string, unknown> = {}): AuditEvent =>
  normalize(
    {
      eventVersion: '1.08',
      eventID,
      eventTime: '2025-03-11T09:00:00Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'ListBuckets',
      recipientAccountId: '999999999999',
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROAEXAMPLE:me',
        arn: 'arn:aws:sts::999999999999:assumed-role/R/me',
        accessKeyId: 'ASIAEXAMPLE',
        sessionContext: { attributes: { creationDate: '2025-03-11T08:00:00Z' } },
      },
      ...more,
    },
    { source: 's3://b/k', provenance: 'trail', account: null },
    roles,
  );

async function inline(events: AuditEvent[]) {
  const writer = workData.writer('events');
  const written = new EventWriter(writer);
  for (const [place, event] of events.entries()) written.write(place, event, event);
  return writer.finish();
}

function outcome(status: Outcome['status'], counts: Partial<Counts>, more: Partial<Outcome> = {}): Outcome {
  const batch: Batch = {
    step: 'Correlate',
    provenance: 'trail',
    receivedAt: '',
    deliveredAt: '',
    counts: { ...noCounts, ...counts },
    refused: { count: 0 },
  };
  const nothing = { error: null, cause: null, input: null, sentAgain: 0, events: null };
  return { arn: 'arn', name: 'name', status, batch, ...nothing, ...more };
}

describe('what a replay kept', () => {
  test('a record that issues a credential counts once, whichever executions had it', async () => {
    const issued = (eventID: string) =>
      call(eventID, {
        eventSource: 'sts.amazonaws.com',
        eventName: 'AssumeRole',
        requestParameters: { roleArn: 'arn:aws:iam::999999999999:role/S', roleSessionName: 'x' },
        responseElements: {
          credentials: { accessKeyId: 'ASIAEXAMPLE000000002', expiration: 'Mar 11, 2025, 10:00:00 AM' },
          assumedRoleUser: {
            assumedRoleId: 'AROAEXAMPLE2:x',
            arn: 'arn:aws:sts::999999999999:assumed-role/S/x',
          },
        },
      });
    const collected = new Collected(workData);
    for (const events of [
      [issued('one'), call('two')],
      [issued('one'), issued('three')],
    ])
      await collected.take(outcome('SUCCEEDED', { issuances: 2 }, { events: await inline(events) }));
    expect([...collected.issuances].sort()).toEqual(['one', 'three']);
  });

  test('counts add up over executions, failed ones too', async () => {
    const collected = new Collected(workData);
    await collected.take(outcome('SUCCEEDED', { records: 5, kept: 3, dropped: 2, duplicates: 1 }));
    await collected.take(outcome('FAILED', { records: 7, kept: 4, dropped: 3 }));
    await collected.take(outcome('TIMED_OUT', {}, { batch: null }));
    expect(collected.counts).toMatchObject({ records: 12, kept: 7, dropped: 5, duplicates: 1 });
    expect([collected.succeeded, collected.failed.length]).toEqual([1, 2]);
  });

  test('a call that came in several executions is one call', async () => {
    const collected = new Collected(workData);
    const events = await inline([call('e1'), call('e2')]);
    await collected.take(outcome('SUCCEEDED', { normalized: 2 }, { events }));
    await collected.take(outcome('SUCCEEDED', { normalized: 2 }, { events }));
    expect([...collected.calls.keys()].sort()).toEqual(['e1', 'e2']);
    expect([...collected.credentials]).toEqual(['ASIAEXAMPLE']);
  });

  test('of two copies of a call the same one is reported, whichever came first', () => {
    const copies = [call('e1', { recipientAccountId: '222222222222' }), call('e1')];
    const reported = [copies, [...copies].reverse()].map(order => {
      const collected = new Collected(workData);
      for (const event of order) collected.add(event);
      return collected.calls.get('e1');
    });
    expect(reported[0]).toEqual(reported[1]);
    expect(reported[0]?.recipientAccountId).toBe('222222222222');
  });

  test('records that name another account than their file are counted', () => {
    const collected = new Collected(workData);
    const from = (source: string) => ({ ...call('e1'), source });
    const name = (account: string) => `${account}_CloudTrail_us-east-1_20250311T0905Z_a.json.gz`;
    collected.add(from(`s3://b/AWSLogs/999999999999/CloudTrail/x/${name('999999999999')}`));
    collected.add(from('s3://b/a.json'));
    collected.add({ ...from('arn:aws:sns:us-east-1:111111111111:t'), provenance: 'partner' });
    expect(collected.otherAccounts).toBe(0);
    collected.add(from(`s3://b/${name('222222222222')}`));
    collected.add(from('s3://b/AWSLogs/222222222222/CloudTrail/a.json.gz'));
    expect(collected.otherAccounts).toBe(2);
  });

  test('an issued credential is looked up as well, a denied attempt is told once', () => {
    const collected = new Collected(workData);
    const assume = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole' };
    const target = { roleArn: 'arn:aws:iam::999999999999:role/X', roleSessionName: 's' };
    const issued = { credentials: { accessKeyId: 'ASIACHILD', expiration: 'Mar 11, 2025, 10:00:00 AM' } };
    collected.add(call('issued', { ...assume, requestParameters: target, responseElements: issued }));
    for (const _ of [1, 2]) {
      collected.add(call('denied', { ...assume, requestParameters: target, errorCode: 'AccessDenied' }));
    }
    expect([...collected.credentials].sort()).toEqual(['ASIACHILD', 'ASIAEXAMPLE']);
    expect([...collected.denied.values()]).toEqual([
      {
        eventID: 'denied',
        recipientAccountId: '999999999999',
        provenance: 'trail',
        eventTime: '2025-03-11T09:00:00Z',
        eventName: 'AssumeRole',
        role: target.roleArn,
        caller: 'arn:aws:sts::999999999999:assumed-role/R/me',
        account: null,
        // It was made from a session that is answered for.
        credential: 'ASIAEXAMPLE',
        errorCode: 'AccessDenied',
        sourceIPAddress: null,
      },
    ]);
  });
});
