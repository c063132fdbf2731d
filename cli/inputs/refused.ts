import { ArchiveError } from '../../core/inputs/archive-error.ts';
import { ObjectError } from './s3-object.ts';

/** A source that cannot be read, by name; its neighbours can. */
export interface RefusedInput {
  /** see Input.file */
  file: string;
  error: string;
  /** one sentence */
  message: string;
}

export function refusedSentence({ file, error, message }: RefusedInput): string {
  return `${file}: ${error}: ${message}`;
}

/** Why a source cannot be read. Throws what is no fault of the source. */
export function refusedInput(file: string, error: unknown): RefusedInput {
  if (error instanceof ArchiveError || error instanceof ObjectError)
    return { file, error: error.name, message: error.message };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
  return { file, error: 'Unreadable', message };
}
