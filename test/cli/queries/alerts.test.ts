import type { Published } from '@roletrail/local';
import picocolors from 'picocolors';
import { standingAlerts } from '../../../cli/queries/standing-alerts.ts';
import { alertLines } from '../../../cli/views/terminal/alerts.ts';

const told = (detailType: string, detail: Record<string, unknown>): Published => ({
  service: 'events',
  at: '2025-03-11T14:20:00.000Z',
  event: { source: 'roletrail', 'detail-type': detailType, detail: detail as never },
});
const alert = (key: string, firstSeen: string) =>
  told('Unlinked session', {
    id: `unlinked-${key}`,
    session: `${key}.00000000`,
    accessKeyId: key,
    roleArn: 'arn:aws:iam::999999999999:role/CrossAccountTest',
    firstSeen,
    firstCall: {
      eventID: 'e1',
      eventSource: 's3.amazonaws.com',
      eventName: 'List\u001b[2JBuckets',
      sourceIPAddress: '203.0.113.77',
    },
  });

test('an alert stands until it is withdrawn, and is told once however often it was sent', () => {
  const withdrawn = told('Unlinked session explained', { alertId: 'unlinked-ASIAONE', session: 'ASIAONE.0' });
  const standing = standingAlerts([
    alert('ASIAONE', '2025-03-11T14:03:13Z'),
    alert('ASIATWO', '2025-03-11T13:03:13Z'),
    alert('ASIATWO', '2025-03-11T13:03:13Z'),
    { service: 'sns', at: '', messageId: 'm', topicArn: 't', subject: 's', message: 'm' },
    withdrawn,
  ]);
  expect(standing.map(({ session }) => session)).toEqual(['ASIATWO.00000000']);
});

test('an alert that came again after it was withdrawn stands', () => {
  const withdrawn = told('Unlinked session explained', { alertId: 'unlinked-ASIAONE', session: 'ASIAONE.0' });
  const one = alert('ASIAONE', '2025-03-11T14:03:13Z');
  expect(standingAlerts([one, withdrawn, one])).toHaveLength(1);
});

test('is shown in one clean line: what, since when, with which call, from where', () => {
  const lines = alertLines(
    standingAlerts([alert('ASIAONE', '2025-03-11T14:03:13Z')]),
    picocolors.createColors(false),
  );
  expect(lines).toEqual([
    '  ▲ 2025-03-11 14:03:13  ASIAONE of CrossAccountTest appeared with s3 List\\u{1b}[2JBuckets from 203.0.113.77; nothing explains where it came from',
  ]);
});

test('more than ten are counted', () => {
  const many = Array.from({ length: 12 }, (_, n) => alert(`ASIA${n}`, '2025-03-11T14:03:13Z'));
  expect(alertLines(standingAlerts(many), picocolors.createColors(false)).slice(10)).toEqual([
    '  and 2 more',
  ]);
});
