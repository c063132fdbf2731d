import { type Client, clientText } from '../records/client.ts';
import type { Denial } from '../records/denial.ts';
import type { Doing } from './doing.ts';
import type { Access, Resource } from './resource.ts';

/** One call to be summed up. */
export interface DoneCall {
  eventID: string;
  eventTime: string;
  eventSource: string;
  eventName: string;
  errorCode: string | null;
  sourceIPAddress: string | null;
  doing: Doing;
}

/** What calls did with one resource; `first` and `last` are times of calls that name it, refused ones too. */
export interface TouchedResource extends Omit<Resource, 'from'> {
  /** calls that were done, by access */
  counts: Record<Access, number>;
  /** calls that were refused or failed: they changed nothing */
  refused: number;
  failed: number;
  first: string;
  last: string;
}

/** Calls that were refused for one reason. */
export interface RefusedCalls {
  eventSource: string;
  eventName: string;
  errorCode: string | null;
  denial: Omit<Denial, 'resource' | 'action' | 'authorizationId'> | null;
  calls: number;
  /** what they were about: the first few names, and how many more */
  resources: string[];
  moreResources: number;
  first: string;
  last: string;
  eventIDs: string[];
}

/** One client and where its calls came from. */
export interface SeenClient {
  client: Client | null;
  calls: number;
  addresses: string[];
  firstUsed: string;
  lastUsed: string;
}

export interface Summary {
  /** permission changes first, then writes, reads, and what was only tried; of each the most frequent first */
  resources: TouchedResource[];
  refused: RefusedCalls[];
  /** calls that failed for another reason */
  failed: number;
  /** in the order of their first use */
  clients: SeenClient[];
}

/** Sums up calls, given in the order of their time. */
export function summaryOf(calls: readonly DoneCall[]): Summary {
  return {
    resources: resourcesOf(calls),
    refused: refusedOf(calls),
    failed: calls.filter(({ doing }) => doing.outcome === 'failed').length,
    clients: clientsOf(calls),
  };
}

function resourcesOf(calls: readonly DoneCall[]): TouchedResource[] {
  const byId = new Map<string, TouchedResource>();
  for (const { eventTime, doing } of calls) {
    for (const { from: _, ...resource } of doing.resources) {
      const counts = { permission: 0, write: 0, read: 0, unknown: 0 };
      const fresh = { ...resource, counts, refused: 0, failed: 0, first: eventTime, last: eventTime };
      const known = byId.get(resource.id) ?? fresh;
      if (doing.outcome === 'done') known.counts[doing.access] += 1;
      else known[doing.outcome] += 1;
      known.last = eventTime;
      known.account ??= resource.account;
      byId.set(resource.id, known);
    }
  }
  return [...byId.values()].sort(byWeight);
}

function byWeight(a: TouchedResource, b: TouchedResource): number {
  for (const access of ['permission', 'write', 'unknown', 'read'] as const) {
    // First whether there is any: a thousand writes are no change of permissions.
    const any = Math.min(1, b.counts[access]) - Math.min(1, a.counts[access]);
    if (any !== 0) return any;
  }
  // A thousand objects of a bucket must not hide a secret behind them.
  const object = Number(a.type === 'AWS::S3::Object') - Number(b.type === 'AWS::S3::Object');
  if (object !== 0) return object;
  const total = ({ counts, refused, failed }: TouchedResource) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0) * 1_000_000 + refused + failed;
  return total(b) - total(a) || (a.id < b.id ? -1 : 1);
}

const mostNamed = 5;

function refusedOf(calls: readonly DoneCall[]): RefusedCalls[] {
  const groups = Map.groupBy(
    calls.filter(({ doing }) => doing.outcome === 'refused'),
    ({ eventSource, eventName, errorCode, doing: { denial } }) =>
      JSON.stringify([eventSource, eventName, errorCode, denial?.policy, denial?.policyArn, denial?.deny]),
  );
  return [...groups.values()].flatMap(those => {
    const [first] = those;
    if (!first) return [];
    const { eventSource, eventName, errorCode, doing } = first;
    const names = new Set(those.flatMap(call => call.doing.resources.map(({ name }) => name)));
    return {
      ...{ eventSource, eventName, errorCode },
      denial: doing.denial && {
        policy: doing.denial.policy,
        policyArn: doing.denial.policyArn,
        deny: doing.denial.deny,
        encoded: doing.denial.encoded,
      },
      calls: those.length,
      resources: [...names].slice(0, mostNamed),
      moreResources: Math.max(0, names.size - mostNamed),
      first: first.eventTime,
      last: those.at(-1)?.eventTime ?? first.eventTime,
      eventIDs: those.slice(0, mostNamed).map(({ eventID }) => eventID),
    };
  });
}

function clientsOf(calls: readonly DoneCall[]): SeenClient[] {
  const groups = Map.groupBy(calls, ({ doing }) => (doing.client ? clientText(doing.client) : ''));
  return [...groups.values()].map(those => ({
    client: those[0]?.doing.client ?? null,
    calls: those.length,
    addresses: [...new Set(those.flatMap(({ sourceIPAddress }) => sourceIPAddress ?? []))],
    firstUsed: those[0]?.eventTime ?? '',
    lastUsed: those.at(-1)?.eventTime ?? '',
  }));
}
