import { RecordError } from './cloudtrail/read.ts';

/**
 * How records travel between steps: a first line with the sources (JSON), then a line per record,
 * `head TAB record-text`. A raw line break cannot stand inside a JSON string, so turning those between tokens into
 * spaces keeps every record on one line and its meaning unchanged.
 */
export interface FrameSource {
  source: string;
  account: string | null;
}

export interface Frame {
  head: string;
  text: string;
}

const LINE_BREAKS = /[\r\n]+/g;

export function frameHeader(sources: readonly FrameSource[]): string {
  return `${JSON.stringify(sources)}\n`;
}

export function frameLine(head: string, text: string): string {
  return `${head}\t${text.replace(LINE_BREAKS, ' ')}\n`;
}

/** Splits text chunks into lines, holding one line at most. */
export async function* lines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n', from)) {
      yield rest.slice(from, at);
      from = at + 1;
    }
    rest = rest.slice(from);
  }
  rest += decoder.decode();
  if (rest) yield rest;
}

/** Reads what {@link frameHeader} and {@link frameLine} wrote. Throws RecordError `BadFrame` for anything else. */
export async function readFrames(
  chunks: AsyncIterable<Buffer | string>,
): Promise<{ sources: FrameSource[]; frames: AsyncGenerator<Frame> }> {
  const all = lines(chunks);
  const first = await all.next();
  if (first.done) throw new RecordError('BadFrame', 'the data between two steps is empty');
  return { sources: JSON.parse(first.value) as FrameSource[], frames: frames(all) };
}

async function* frames(all: AsyncGenerator<string>): AsyncGenerator<Frame> {
  for await (const line of all) {
    const tab = line.indexOf('\t');
    if (tab < 0) throw new RecordError('BadFrame', 'a line between two steps has no head');
    yield { head: line.slice(0, tab), text: line.slice(tab + 1) };
  }
}
