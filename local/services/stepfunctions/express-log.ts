import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { details, type EventListener } from './executions.ts';
import { withoutData } from './history.ts';

/**
 * All that AWS keeps of an Express execution: a line for each event, at level ALL without execution data, here in
 * `<folder>/<machine>.log`.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
export function expressLog(folder: string, onLine: (name: string, line: string) => void): EventListener {
  return (machine, executionArn, event) => {
    if (machine.type !== 'EXPRESS') return;
    const line = JSON.stringify({
      id: `${event.id}`,
      type: event.type,
      details: details(withoutData(event)),
      previous_event_id: `${event.previousEventId}`,
      event_timestamp: `${Math.round(event.timestamp * 1000)}`,
      execution_arn: executionArn,
    });
    appendFileSync(join(folder, `${machine.name}.log`), `${line}\n`);
    onLine(machine.name, line);
  };
}
