import { type Paint, paintFor } from './paint.ts';

type Stream = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean; columns?: number };

/** Milliseconds between two progress lines where no terminal can overwrite the last one. */
const quietProgress = 3000;

/** Where a command writes: answers to `out`, progress and errors to `err`, so that a pipe gets answers only. */
export class Screen {
  readonly paint: Paint;
  /** for what is written to `err` */
  readonly errorPaint: Paint;
  readonly #out: Stream;
  readonly #err: Stream;
  #progressShown = false;
  #lastProgress = 0;

  constructor(out: Stream, err: Stream, colors: boolean) {
    this.#out = out;
    this.#err = err;
    this.paint = paintFor(out, colors);
    this.errorPaint = paintFor(err, colors);
  }

  line(text = ''): void {
    this.endProgress();
    this.#out.write(`${text}\n`);
  }

  error(text: string): void {
    this.endProgress();
    this.#err.write(`${text}\n`);
  }

  /** Replaces the last progress line on a terminal; elsewhere a line every few seconds. */
  progress(text: string, now = Date.now()): void {
    if (this.#err.isTTY) {
      const width = (this.#err.columns ?? 80) - 1;
      this.#err.write(`\r\x1b[2K${text.slice(0, width)}`);
      this.#progressShown = true;
    } else if (now - this.#lastProgress >= quietProgress) {
      this.#lastProgress = now;
      this.#err.write(`${text}\n`);
    }
  }

  /** Wipes the progress line, so that what follows stands alone. */
  endProgress(): void {
    if (this.#progressShown) this.#err.write('\r\x1b[2K');
    this.#progressShown = false;
  }
}
