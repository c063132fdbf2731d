import { inParallel } from '../../core/parallel.ts';
import { isObject } from '../../core/records/read.ts';
import { decodeMessage } from '../../steps/intake/messages/decode.ts';
import { partsOf } from './batch-parts.ts';
import { fileOf } from './file-integrity.ts';
import type { Entry } from './quarantine-entries.ts';
import type { Store } from './store.ts';

type Asked = Pick<Store, 'quarantine' | 'evidence' | 'ledger' | 'executions'>;

/** One thing that an entry speaks of: most of them of one, a batch of each that it held. */
interface Subject {
  /** equal for what is the same, whenever it was set aside */
  id: string;
  isProcessed(): Promise<boolean>;
}

/**
 * `open`: never retried; `retried`: sent again; `failed again`: and refused anew, as an entry of its own; `resolved`: what
 * it speaks of is in the ledger or is evidence, of a batch all that it held. What is neither, as a record that concerns no audited role, stays `retried`.
 */
export type State = 'open' | 'retried' | 'failed again' | 'resolved';

/** Batches whose parts are asked for at once. */
const batchesAtOnce = 8;

/** The state of each entry, by its id. */
export async function statesOf(store: Asked, entries: readonly Entry[]): Promise<Map<string, State>> {
  const marked = await Array.fromAsync(store.quarantine.retried());
  const atOnce = entries.filter(({ sentAgain }) => sentAgain).map(({ id }) => id);
  const retried = new Set([...marked, ...atOnce]);
  const states = new Map<string, State>(entries.map(({ id }) => [id, 'open']));
  if (!entries.some(({ id }) => retried.has(id))) return states;
  const subjects = new Map(
    await inParallel(
      [...entries],
      batchesAtOnce,
      async entry => [entry, await subjectsOf(entry, store)] as const,
    ),
  );
  const newest = new Map<string, string>();
  for (const [{ at }, each] of subjects)
    for (const { id } of each) if (at > (newest.get(id) ?? '')) newest.set(id, at);
  for (const [entry, each] of subjects)
    if (retried.has(entry.id)) states.set(entry.id, await stateOf(entry, each, newest));
  return states;
}

async function stateOf(
  entry: Entry,
  subjects: readonly Subject[],
  newest: ReadonlyMap<string, string>,
): Promise<State> {
  const again = ({ id }: Subject) => (newest.get(id) ?? '') > entry.at;
  // A file of a batch may have failed once more and been read since: it has an entry of its own that says so.
  if (!entry.batch && subjects.some(again)) return 'failed again';
  let left = subjects.length === 0;
  for (const subject of subjects) {
    if (await subject.isProcessed()) continue;
    if (again(subject)) return 'failed again';
    left = true;
  }
  return left ? 'retried' : 'resolved';
}

async function subjectsOf(entry: Entry, store: Asked): Promise<Subject[]> {
  if (!entry.batch) return [{ id: subjectOf(entry), isProcessed: () => isProcessed(entry, store) }];
  const { files, arrived } = await partsOf(entry, store);
  return [
    ...files.map(file => ({
      id: JSON.stringify([`s3://${file.bucket}/${file.key}`, null]),
      isProcessed: () => readSince(file, entry.at, store),
    })),
    ...arrived.map(({ source, text }) => ({
      id: JSON.stringify([source, text]),
      isProcessed: () => isEvidence(text, store),
    })),
  ];
}

/** Is what the entry speaks of processed since? Looked up where that shows, for each entry that was retried. */
async function isProcessed(entry: Entry, store: Asked): Promise<boolean> {
  const { raw, at } = entry;
  const files = filesOf(entry);
  if (files.length > 0) {
    for (const file of files) if (!(await readSince(file, at, store))) return false;
    return true;
  }
  return raw !== null && isEvidence(raw, store);
}

async function isEvidence(raw: string, { evidence }: Asked): Promise<boolean> {
  const eventID = eventIdIn(raw);
  return eventID !== null && (await evidence.event(eventID)).length > 0;
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
