import { RecordError } from '../../core/records/read.ts';
import { giveBack } from './give-back.ts';

/**
 * How records travel between steps: in pieces of a number, a length (both u32, little-endian) and that many bytes; the
 * bytes are those that were delivered: first a frame with the sources (JSON), then a frame for each record with its index
 * among the sources. Events travel in such pieces too (see travelling.ts).
 */
export interface FrameSource {
  source: string;
  account: string | null;
  /** of an event: the ID of its message in SQS, by which a replay finds what became of it */
  message?: string;
}

/** `bytes` lie in `block` from `start` to `end`. */
export interface Frame {
  number: number;
  block: Buffer;
  start: number;
  end: number;
}

const headBytes = 8;

/** Whatever takes frames as they come. */
export interface FrameWriter {
  writeFrame(number: number, bytes: Uint8Array | string): void;
}

export function writeSources(writer: FrameWriter, sources: readonly FrameSource[]): void {
  writer.writeFrame(0, JSON.stringify(sources));
}

/** The frames of a block. Throws RecordError `BadFrame` when it does not end with one of them. */
export function* framesIn(block: Buffer): Generator<Frame> {
  let at = 0;
  while (at < block.length) {
    if (at + headBytes > block.length) throw notWhole();
    const number = block.readUInt32LE(at);
    const start = at + headBytes;
    const end = start + block.readUInt32LE(at + 4);
    if (end > block.length) throw notWhole();
    yield { number, block, start, end };
    at = end;
  }
}

/**
 * Reads what begins with {@link writeSources}: the sources, then each block's records. A block's memory is given back when
 * the next is requested: copy what you keep. Throws RecordError `BadFrame`.
 */
export async function readRecords(
  blocks: AsyncGenerator<Buffer>,
): Promise<{ sources: FrameSource[]; blocks: AsyncGenerator<Iterable<Frame>> }> {
  const { value: block, done } = await blocks.next();
  const frames = done ? null : framesIn(block);
  const first = frames?.next();
  if (!frames || !first || first.done) {
    throw new RecordError('BadFrame', 'the data between two steps is empty');
  }
  return { sources: JSON.parse(textOf(first.value)) as FrameSource[], blocks: rest(block, frames, blocks) };
}

async function* rest(begun: Buffer, first: Iterable<Frame>, blocks: AsyncIterable<Buffer>) {
  yield first;
  giveBack(begun);
  for await (const block of blocks) {
    yield framesIn(block);
    giveBack(block);
  }
}

export function textOf({ block, start, end }: Frame): string {
  return block.toString('utf8', start, end);
}

function notWhole(): RecordError {
  return new RecordError('BadFrame', 'a block between two steps does not end with a whole record');
}
