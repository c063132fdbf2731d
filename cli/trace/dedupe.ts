import { isDeepStrictEqual } from 'node:util';
import { CliError } from '../failure.ts';
import { nameOfRow } from './reading/contradiction.ts';
import type { State } from './state/state.ts';
import { Texts } from './state/texts.ts';

interface Row {
  row: number;
  eventID: string;
  copy: number;
  source: number;
  offset: number;
  length: number;
  hash: string;
}

/**
 * Leaves of each event's copies the first, as evidence is written once. Records that say the same in other bytes (white space, order
 * of fields) are duplicates. Answers names of those that say something else: what was derived from them does not hold.
 */
export async function dedupe(state: State): Promise<string[]> {
  state.exec(`
    CREATE TEMP TABLE IF NOT EXISTS doubled (eventID TEXT, copy INTEGER, PRIMARY KEY (eventID, copy)) WITHOUT ROWID;
    DELETE FROM doubled;
    INSERT INTO doubled SELECT eventID, copy FROM records GROUP BY eventID, copy HAVING count(*) > 1;
    DELETE FROM records WHERE row IN (
      SELECT row FROM (
        SELECT row, hash, first_value(hash) OVER event AS first, row_number() OVER event AS place
        FROM doubled CROSS JOIN records USING (eventID, copy)
        WINDOW event AS (PARTITION BY eventID, copy ORDER BY row))
      WHERE place > 1 AND hash = first);`);
  const rows = state.all<Row>(`
    SELECT row, eventID, copy, source, offset, length, lower(hex(hash)) AS hash
    FROM doubled CROSS JOIN records USING (eventID, copy) ORDER BY eventID, copy, row`);
  const texts = new Texts(state);
  const contradicting = new Set<string>();
  for (const [first, ...others] of Map.groupBy(rows, nameOfEvent).values()) {
    for (const other of others) {
      if (first && !(await sameRecord(first, other, texts))) contradicting.add(nameOfRow(other));
      state.run('DELETE FROM records WHERE row = ?', other.row);
    }
  }
  return [...contradicting];
}

async function sameRecord(one: Row, other: Row, texts: Texts): Promise<boolean> {
  const [first, second] = [await texts.read(one), await texts.read(other)];
  // Whoever cannot ask S3 now would take what says the same for a contradiction.
  for (const read of [first, second])
    if ('missing' in read && read.error instanceof CliError) throw read.error;
  if ('missing' in first || 'missing' in second) return false;
  return isDeepStrictEqual(JSON.parse(first.text), JSON.parse(second.text));
}

function nameOfEvent({ eventID, copy }: Row): string {
  return `${eventID} ${copy}`;
}
