import { fileBytes } from '../../inputs/bytes.ts';
import type { Input } from '../../inputs/input.ts';
import { lookInto } from '../../inputs/inputs.ts';
import type { S3Object } from '../../inputs/s3-object.ts';
import type { WalkedFile } from '../../inputs/walk.ts';
import { from, type Portable, withBytes } from '../reading/portable.ts';
import { objectsInS3 } from '../s3-objects.ts';
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
  readonly #objects = objectsInS3();
  readonly #archives = new Map<string, Promise<readonly Input[]>>();

  constructor(state: State) {
    this.#state = state;
    this.#folder = state.about.get('folder') ?? process.cwd();
  }

  /** Null where its file does not hold it any more. Throws what the system says, ObjectError, and CliError where S3 cannot be asked. */
  async input(number: number): Promise<{ input: Input; kind: string } | null> {
    const row = this.#state.get<Row>('SELECT * FROM inputs WHERE input = ?', number);
    if (!row) return null;
    const said = JSON.parse(row.said) as Portable;
    const input = said.archive === undefined ? await this.#whole(said) : await this.#member(said, row);
    return input && { input, kind: row.kind };
  }

  async #whole(said: Portable): Promise<Input> {
    if (!said.object) return withBytes(said, this.#folder);
    return { ...said, bytes: (await this.#objects()).bytes(said.object) };
  }

  async #member({ file, archive = '', object }: Portable, { path, size }: Row): Promise<Input | null> {
    const place = from(this.#folder, path);
    const members =
      this.#archives.get(place) ?? this.#look({ file: place, key: archive.slice(0, -2), size }, object);
    this.#archives.set(place, members);
    return (await members).find(each => each.file === from(this.#folder, file)) ?? null;
  }

  async #look(walked: WalkedFile, object?: S3Object): Promise<readonly Input[]> {
    const bytes = object ? (await this.#objects()).bytes(object) : fileBytes(walked.file, walked.size);
    // Opened first: of a file that is not there the look would only say that it cannot be read.
    await bytes.head(1);
    const file = { ...walked, bytes, ...(object && { object }) };
    return (await lookInto({ files: [file], others: [] })).deliver;
  }
}
