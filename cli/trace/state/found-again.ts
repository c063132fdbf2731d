import { fileBytes } from '../../inputs/bytes.ts';
import type { Input } from '../../inputs/input.ts';
import { lookInto } from '../../inputs/inputs.ts';
import { from, type Portable, withBytes } from '../reading/portable.ts';
import type { State } from './state.ts';

interface Row {
  input: number;
  path: string;
  size: number;
  said: string;
  kind: string;
}

/** Inputs of a state as they can be read again. Members of an archive are looked for in it, once. */
export class FoundAgain {
  readonly #state: State;
  /** where the trace ran: its paths may be relative */
  readonly #folder: string;
  readonly #archives = new Map<string, Promise<readonly Input[]>>();

  constructor(state: State) {
    this.#state = state;
    this.#folder = state.about.get('folder') ?? process.cwd();
  }

  /** Null where its file does not hold it any more. Throws what the system says. */
  async input(number: number): Promise<{ input: Input; kind: string } | null> {
    const row = this.#state.get<Row>('SELECT * FROM inputs WHERE input = ?', number);
    if (!row) return null;
    const said = JSON.parse(row.said) as Portable;
    const input = said.archive === undefined ? withBytes(said, this.#folder) : await this.#member(said, row);
    return input && { input, kind: row.kind };
  }

  async #member({ file, archive = '' }: Portable, { path, size }: Row): Promise<Input | null> {
    const place = from(this.#folder, path);
    const members = this.#archives.get(place) ?? this.#look(place, archive.slice(0, -2), size);
    this.#archives.set(place, members);
    return (await members).find(each => each.file === from(this.#folder, file)) ?? null;
  }

  async #look(path: string, key: string, size: number): Promise<readonly Input[]> {
    // Opened first: of a file that is not there the look would only say that it cannot be read.
    await fileBytes(path, size).head(1);
    return (await lookInto({ files: [{ file: path, key, size }], others: [] })).deliver;
  }
}
