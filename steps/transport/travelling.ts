import type { Caller, Issuance, Provenance, Setting } from '../../core/records/event.ts';

/**
 * How events travel between steps: a frame (see frames.ts) for each, with the index of its record. What
 * many events repeat (settings, and the callers, sources and agents in them) travels once, in a frame before, whose number
 * is a slot with the highest bit set; what comes after has the slot in its stead. A slot is used again when all are: whoever
 * reads holds no more than that. Lists, without the names of fields, which take longer to write and to read than what they say.
 */
export const slots = 1024;
export const slotMark = 0x8000_0000;

export type Shared = Setting | Caller | string;

export type TravellingCall = [
  eventID: string,
  eventTime: string,
  eventSource: string,
  eventName: string,
  setting: number,
  hash: string,
  errorCode?: string | null,
  issuance?: (Omit<Issuance, 'caller'> & { caller: number }) | null,
  sharedEventID?: string | null,
  amends?: string | null,
];

export type TravellingSetting = [
  recipientAccountId: string,
  provenance: Provenance,
  awsRegion: string | null,
  sourceIPAddress: string | null,
  userAgent: number | null,
  caller: number,
  credential: string | null,
  denied: string | null,
  source: number,
];
