import { isObject, type Json } from './read.ts';
import { fits } from './storable.ts';

/** What says that several records are of one request. */
export interface OneRequest {
  sharedEventID: string | null;
  amends: string | null;
}

/**
 * A request that reaches into another account is logged in both, under one `sharedEventID`; an addendum says more of a request
 * that is logged already, and names that record (record contents: `addendum`, `originalEventID`). One that only says why a record
 * is late names none. What cannot be read costs that field, not the record.
 */
export function oneRequest({ sharedEventID, addendum }: Json): OneRequest {
  return {
    sharedEventID: shortText(sharedEventID),
    amends: isObject(addendum) ? shortText(addendum.originalEventID) : null,
  };
}

function shortText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && fits(value) ? value : null;
}
