import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { eventOf } from '../../../cli/deployment/execution-queries.ts';
import { visitsOf } from '../../../cli/queries/history.ts';
import { inspectionLines } from '../../../cli/views/terminal/inspection.ts';
import { paintFor } from '../../../cli/views/text/paint.ts';

const plain = paintFor({}, false);
const at = (second: number) => new Date(Date.UTC(2025, 2, 11, 9, 0, second));

/** A state that needs two tries, and one that fails and is caught. */
const events: HistoryEvent[] = [
  { id: 1, timestamp: at(0), type: 'ExecutionStarted' },
  {
    id: 2,
    timestamp: at(0),
    type: 'TaskStateEntered',
    stateEnteredEventDetails: { name: 'Fetch', input: '{"a":1}' },
  },
  { id: 3, timestamp: at(0), type: 'TaskScheduled' },
  { id: 4, timestamp: at(0), type: 'TaskStarted' },
  {
    id: 5,
    timestamp: at(1),
    type: 'TaskFailed',
    taskFailedEventDetails: {
      resourceType: 'lambda',
      resource: 'invoke',
      error: 'TransientError',
      cause: '{"errorMessage":"slow\\u001b"}',
    },
  },
  { id: 6, timestamp: at(3), type: 'TaskScheduled' },
  { id: 7, timestamp: at(3), type: 'TaskStarted' },
  { id: 8, timestamp: at(4), type: 'TaskSucceeded' },
  {
    id: 9,
    timestamp: at(4),
    type: 'TaskStateExited',
    stateExitedEventDetails: { name: 'Fetch', output: '{"counts":{"records":3,"kept":0},"b":"x"}' },
  },
  {
    id: 10,
    timestamp: at(4),
    type: 'ChoiceStateEntered',
    stateEnteredEventDetails: { name: 'Kept', input: '{}' },
  },
  {
    id: 11,
    timestamp: at(4),
    type: 'ChoiceStateExited',
    stateExitedEventDetails: { name: 'Kept', output: '{}' },
  },
  {
    id: 12,
    timestamp: at(5),
    type: 'TaskStateEntered',
    stateEnteredEventDetails: { name: 'Persist', input: '{}' },
  },
  { id: 13, timestamp: at(5), type: 'TaskScheduled' },
  {
    id: 14,
    timestamp: at(9),
    type: 'TaskTimedOut',
    taskTimedOutEventDetails: { resourceType: 'lambda', resource: 'invoke', error: 'States.Timeout' },
  },
];

describe('an execution, from its history', () => {
  test('its states in order, with every attempt', () => {
    const visits = visitsOf(events.map(eventOf));
    expect(visits.map(({ name, type }) => [name, type])).toEqual([
      ['Fetch', 'Task'],
      ['Kept', 'Choice'],
      ['Persist', 'Task'],
    ]);
    expect(visits[0]).toMatchObject({
      entered: at(0).toISOString(),
      exited: at(4).toISOString(),
      input: { a: 1 },
    });
    expect(visits[0]?.attempts).toEqual([
      {
        started: at(0).toISOString(),
        ended: at(1).toISOString(),
        outcome: 'failed',
        error: 'TransientError',
        cause: '{"errorMessage":"slow\\u001b"}',
      },
      {
        started: at(3).toISOString(),
        ended: at(4).toISOString(),
        outcome: 'succeeded',
        error: null,
        cause: null,
      },
    ]);
    expect(visits[2]).toMatchObject({ exited: null, output: null });
    expect(visits[2]?.attempts).toMatchObject([{ outcome: 'timed out', error: 'States.Timeout' }]);
  });

  test('reads at a glance: tries, their reasons made safe, counts that are not zero', () => {
    const lines = inspectionLines(
      {
        arn: 'arn:x',
        name: 'x',
        status: 'FAILED',
        started: at(0).toISOString(),
        ended: at(9).toISOString(),
        error: 'States.Timeout',
        cause: null,
        quarantine: 'quarantine/2025-03-11/x-batch.ndjson',
        states: visitsOf(events.map(eventOf)),
      },
      plain,
      false,
    );
    expect(lines).toContain('  started 2025-03-11 09:00:00, took 9.0 s');
    expect(lines).toContain('  set aside in quarantine: quarantine/2025-03-11/x-batch.ndjson');
    expect(lines).toContain('Fetch Task, 4.0 s, 2 attempts');
    expect(lines).toContain('  attempt 1: failed after 1.0 s: TransientError: slow\\u{1b}');
    expect(lines).toContain('  records 3');
    expect(lines).toContain('Persist Task, not left');
    expect(lines).toContain('  attempt 1: timed out after 4.0 s: States.Timeout');
  });
});
