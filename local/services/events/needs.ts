import type { Need } from '../../contract.ts';

/** What an EventBridge request needs on the bus. */
export function eventsNeeds(operation: string, busArn: string): Need[] {
  return [{ action: `events:${operation}`, resource: busArn }];
}
