/** What tells which records are of one request. */
export interface RequestRecord {
  eventID: string;
  recipientAccountId: string;
  eventTime: string;
  sharedEventID: string | null;
  amends: string | null;
  /** the caller's account, as far as the record shows it */
  callerAccount: string | null;
}

/**
 * Of records that are of a request which has another record: the eventID of the one that stands for the call. A request that
 * reaches into another account is logged in both under one `sharedEventID`; an addendum names the record that it completes
 * (CloudTrail record contents). The record of the caller's own account stands for the call, never an addendum where there is
 * another.
 */
export function copiesAmong(records: Iterable<RequestRecord>): Map<string, string> {
  const groups = new Groups();
  const all = [...records];
  for (const { eventID, sharedEventID, amends } of all) {
    if (sharedEventID !== null) groups.join(`event ${eventID}`, `shared ${sharedEventID}`);
    if (amends !== null) groups.join(`event ${eventID}`, `event ${amends}`);
  }
  const copies = new Map<string, string>();
  const several = all.filter(
    ({ sharedEventID, amends, eventID }) => sharedEventID || amends || groups.has(`event ${eventID}`),
  );
  for (const group of Map.groupBy(several, ({ eventID }) => groups.of(`event ${eventID}`)).values()) {
    const [first, ...others] = group.sort(byRank);
    for (const { eventID } of others)
      if (first && eventID !== first.eventID) copies.set(eventID, first.eventID);
  }
  return copies;
}

function byRank(one: RequestRecord, other: RequestRecord): number {
  const rank = ({ amends, callerAccount, recipientAccountId }: RequestRecord) =>
    (amends === null ? 0 : 2) + (callerAccount === recipientAccountId ? 0 : 1);
  return (
    rank(one) - rank(other) || order(one.eventTime, other.eventTime) || order(one.eventID, other.eventID)
  );
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Names that belong together. */
class Groups {
  readonly #parents = new Map<string, string>();

  has(name: string): boolean {
    return this.#parents.has(name);
  }

  join(one: string, other: string): void {
    const [first, second] = [this.of(one), this.of(other)];
    this.#parents.set(first, second);
    if (!this.#parents.has(second)) this.#parents.set(second, second);
  }

  /** the name that stands for the group */
  of(name: string): string {
    let top = name;
    for (let next = this.#parents.get(top); next !== undefined && next !== top; next = this.#parents.get(top))
      top = next;
    // The way up is shortened: forged addenda of addenda would make it long.
    for (let at = name; at !== top; ) {
      const next = this.#parents.get(at) ?? top;
      this.#parents.set(at, top);
      at = next;
    }
    return top;
  }
}
