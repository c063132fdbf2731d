import type { Context } from 'aws-lambda';
import { framed, stepHandler } from '../../../steps/runtime/handler.ts';
import { noCounts } from '../../../steps/transport/payloads.ts';

const lambda = { awsRequestId: 'request-1' } as Context;
const input = {
  step: 'Intake',
  provenance: 'trail' as const,
  receivedAt: '2025-03-11T09:22:05Z',
  deliveredAt: '2025-03-11T09:22:00Z',
  counts: { ...noCounts, sources: 1 },
  refused: { count: 0 },
};
let printed: string[] = [];

// Powertools writes both logs and metrics to the streams, not through the global console.
beforeEach(() => {
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation(text => {
      printed.push(
        ...String(text)
          .split('\n')
          .filter(line => line.startsWith('{')),
      );
      return true;
    });
  }
});

afterEach(() => jest.restoreAllMocks());

test('a function is made ready once, and what it counts is written once for each event', async () => {
  // Given
  const prepare = jest.fn(() => ({ bucket: 'work' }));
  const handler = framed({
    name: 'Intake',
    prepare,
    work: async (event: number, { bucket }, { count, lambda: context }) => {
      count('Quarantined', event);
      return `${bucket} ${context.awsRequestId}`;
    },
  });
  // When
  const answers = [await handler(1, lambda), await handler(2, lambda)];
  // Then
  expect(answers).toEqual(['work request-1', 'work request-1']);
  expect(prepare).toHaveBeenCalledTimes(1);
  expect(metricsIn('Quarantined')).toEqual([1, 2]);
});

test('metrics of work that fails are written, and its error is logged and thrown as it is', async () => {
  // Given
  const error = new TypeError('PARTNER_TOPICS is not a JSON list of strings');
  const handler = framed({
    name: 'Intake',
    prepare: () => null,
    keysOf: (source: string) => ({ source }),
    work: async (_event, _prepared, { count }) => {
      count('Quarantined', 3);
      throw error;
    },
  });
  // When
  const failing = handler('a queue', lambda);
  // Then
  await expect(failing).rejects.toBe(error);
  expect(metricsIn('Quarantined')).toEqual([3]);
  const logged = printed.map(line => JSON.parse(line)).find(line => line.message === 'Intake failed');
  expect(logged).toMatchObject({
    step: 'Intake',
    source: 'a queue',
    error: 'TypeError',
    reason: error.message,
  });
});

test('an error in making a function ready is tried again with the next event', async () => {
  const prepare = jest.fn<string, []>().mockImplementationOnce(() => {
    throw new TypeError('not yet');
  });
  prepare.mockReturnValue('ready');
  const handler = framed({ name: 'Watch', prepare, work: async (_: unknown, prepared: string) => prepared });
  await expect(handler({}, lambda)).rejects.toThrow('not yet');
  expect(await handler({}, lambda)).toBe('ready');
});

test('a step’s error that may pass gets the name that the state machine retries', async () => {
  // Given
  const busy = Object.assign(new Error('slow down'), {
    name: 'SlowDown',
    $metadata: { httpStatusCode: 503 },
  });
  const handler = stepHandler(
    'Fetch',
    () => null,
    async () => {
      throw busy;
    },
  );
  // When
  const failing = handler({ execution: 'logs-1', input }, lambda);
  // Then
  await expect(failing).rejects.toMatchObject({ name: 'TransientError', message: 'SlowDown: slow down' });
  const logged = printed.map(line => JSON.parse(line)).find(line => line.message === 'Fetch failed');
  expect(logged).toMatchObject({
    execution: 'logs-1',
    source: '1 sources of the trail',
    error: 'TransientError',
  });
});

function metricsIn(name: string): number[] {
  return printed
    .map(line => JSON.parse(line))
    .filter(line => line._aws && name in line)
    .map(line => Number([line[name]].flat()[0]));
}
