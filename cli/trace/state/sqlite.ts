type Sqlite = typeof import('node:sqlite');

let loaded: Sqlite | null = null;

/**
 * Node's SQLite, loaded when it is used. Node 22 and 24 call it experimental in a warning; what a user reads is not about Node, so
 * that warning alone is left out.
 */
export function sqlite(): Sqlite {
  if (loaded) return loaded;
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...more: unknown[]) => {
    if (/SQLite is an experimental feature/.test(String(warning))) return;
    (emitWarning as (...all: unknown[]) => void).call(process, warning, ...more);
  };
  try {
    loaded = process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
  return loaded;
}
