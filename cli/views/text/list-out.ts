import { type Cell, csvRow } from './csv.ts';
import { plural } from './format.ts';
import type { Listed } from './listed.ts';
import { shownJson } from './masked.ts';
import type { Screen } from './screen.ts';

export function outOf<T>(listed: Listed<T>, screen: Screen, as: 'json' | 'csv' | 'lines'): Out<T> {
  if (as === 'json') return new JsonOut(screen, listed);
  return as === 'csv' ? new CsvOut(screen, listed) : new Lines(screen, listed);
}

/** Where a list is written, part by part. */
export interface Out<T> {
  take(items: readonly T[]): void;
  /** answers what is to be said beneath */
  end(shown: number, rest: string | null): string[];
}

class JsonOut<T> implements Out<T> {
  readonly screen: Screen;
  readonly listed: Listed<T>;
  #before = '[';
  constructor(screen: Screen, listed: Listed<T>) {
    this.screen = screen;
    this.listed = listed;
  }

  take(items: readonly T[]): void {
    for (const item of items) {
      this.screen.line(this.#before);
      const json = shownJson(this.listed.json ? this.listed.json(item) : item, 2);
      this.#before = `${json.replace(/^/gm, '  ')},`;
    }
  }

  end(shown: number, rest: string | null): string[] {
    this.screen.line(this.#before === '[' ? '[]' : `${this.#before.replace(/,$/, '')}\n]`);
    return rest ? [`${plural(shown, ...this.listed.noun)} ${rest}`] : [];
  }
}

class CsvOut<T> implements Out<T> {
  readonly screen: Screen;
  readonly listed: Listed<T>;
  constructor(screen: Screen, listed: Listed<T>) {
    this.screen = screen;
    this.listed = listed;
    this.#row(Object.keys(listed.columns));
  }

  take(items: readonly T[]): void {
    for (const item of items) this.#row(Object.values(this.listed.columns).map(cell => cell(item)));
  }

  end(shown: number, rest: string | null): string[] {
    return rest ? [`${plural(shown, ...this.listed.noun)} ${rest}`] : [];
  }

  /** RFC 4180 ends a row with CR LF. */
  #row(cells: readonly Cell[]): void {
    this.screen.line(`${csvRow(cells)}\r`);
  }
}

class Lines<T> implements Out<T> {
  readonly screen: Screen;
  readonly listed: Listed<T>;
  readonly #items: T[] = [];
  constructor(screen: Screen, listed: Listed<T>) {
    this.screen = screen;
    this.listed = listed;
  }

  take(items: readonly T[]): void {
    this.#items.push(...items);
  }

  end(shown: number, rest: string | null): string[] {
    for (const line of this.listed.lines(this.#items)) this.screen.line(line);
    const count = plural(shown, ...this.listed.noun);
    if (shown === 0) return [`no ${this.listed.noun[1]}`];
    const { next } = this.listed;
    return [`\n${rest ? `${count} ${rest}` : count}; times are UTC${next ? `; ${next}` : ''}`];
  }
}
