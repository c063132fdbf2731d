import { isObject } from '../../core/records/read.ts';
import { decodeMessage } from '../../steps/intake/messages/decode.ts';
import { fileOf } from './file-of.ts';
import type { Entry } from './quarantine-entries.ts';
import type { Store } from './store.ts';

type Asked = Pick<Store, 'quarantine' | 'evidence' | 'ledger'>;

/**
 * `open`: never retried; `retried`: sent again; `failed again`: and quarantined again, as an entry of its own; `resolved`: what
 * it speaks of is in the ledger or is evidence. What is neither, as a record that concerns no audited role, stays `retried`.
 */
export type State = 'open' | 'retried' | 'failed again' | 'resolved';

/** The state of each entry, by its id. */
export async function statesOf(store: Asked, entries: readonly Entry[]): Promise<Map<string, State>> {
  const retried = new Set(await Array.fromAsync(store.quarantine.retried()));
  const newest = new Map(entries.map(entry => [subjectOf(entry), entry.at]));
  const states = new Map<string, State>();
  for (const entry of entries) {
    const again = (newest.get(subjectOf(entry)) ?? '') > entry.at;
    if (!retried.has(entry.id)) states.set(entry.id, 'open');
    else if (again) states.set(entry.id, 'failed again');
    else states.set(entry.id, (await isProcessed(entry, store)) ? 'resolved' : 'retried');
  }
  return states;
}

/** Is what the entry speaks of processed since? Looked up where that shows, for each entry that was retried. */
async function isProcessed(entry: Entry, store: Asked): Promise<boolean> {
  const { raw, at } = entry;
  const files = filesOf(entry);
  if (files.length > 0) {
    for (const file of files) if (!(await readSince(file, at, store))) return false;
    return true;
  }
  const eventID = raw === null ? null : eventIdIn(raw);
  return eventID !== null && (await store.evidence.event(eventID)).length > 0;
}

/** The log files of an entry: its own, or the files its message names; none for a record. */
function filesOf({ source, record, step, raw, sender }: Entry): { bucket: string; key: string }[] {
  // A partner announces none.
  if (sender !== null) return [];
  if (step === 'Intake' && raw !== null) {
    try {
      const message = decodeMessage(raw);
      return message.kind === 'objects' ? message.objects : [];
    } catch {
      // What intake refused is not a message, or one it reads by now.
      return [];
    }
  }
  const file = record === null ? fileOf(source) : null;
  return file ? [file] : [];
}

async function readSince(
  file: { bucket: string; key: string },
  at: string,
  { ledger }: Asked,
): Promise<boolean> {
  for await (const state of ledger.ofFile(file)) if (state.at > at) return true;
  return false;
}

/** The event's id in a record's text, or in the message around it. */
function eventIdIn(raw: string): string | null {
  try {
    let value: unknown = JSON.parse(raw);
    if (isObject(value) && typeof value.Message === 'string') value = JSON.parse(value.Message);
    if (isObject(value) && isObject(value.detail)) value = value.detail;
    return isObject(value) && typeof value.eventID === 'string' ? value.eventID : null;
  } catch {
    return null;
  }
}

// A message has another id each time, and a file that was mended another record of that number: the text tells it.
function subjectOf({ source, raw, step }: Entry): string {
  return JSON.stringify(step === 'Intake' ? raw : [source, raw]);
}
