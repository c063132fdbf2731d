import { statSync } from 'node:fs';
import { plural } from '../../views/text/format.ts';
import { from } from '../reading/portable.ts';
import type { State } from './state.ts';

interface Row {
  file: string;
  path: string;
  size: number;
  changed: number;
}

/** What of the traced files is not as it was, as a sentence: what their calls touched is not known. Null: all are there. Looks at size and time alone. */
export function unreadable(state: State): string | null {
  const folder = state.about.get('folder') ?? process.cwd();
  // Objects in S3 have no time: to ask for each of them would take longer than the list.
  const rows = state.all<Row>('SELECT file, path, size, changed FROM inputs WHERE changed IS NOT NULL');
  const gone = rows.filter(({ path, size, changed }) => {
    const found = statSync(from(folder, path), { throwIfNoEntry: false });
    return found?.size !== size || found.mtimeMs !== changed;
  });
  const [first] = gone;
  return first
    ? `${gone.length.toLocaleString('en-US')} of ${plural(rows.length, 'file')} cannot be read as traced (${first.file} is gone or has changed): what their calls touched is not known`
    : null;
}
