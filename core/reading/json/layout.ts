/** Of the memory of json.as, as WebAssembly counts it. */
export const pageSize = 64 * 1024;

/** Where things lie: tables in the first page, the texts that are kept, the bytes that are looked at behind them. */
export const layout = {
  places: 1024,
  numbers: 1536,
  lengths: 2048,
  time: 3072,
  names: 4096,
  words: 8192,
  wordsEnd: pageSize,
  slots: pageSize,
  slotCount: 4096,
  kept: pageSize + 4 * 4096,
  keptEnd: 17 * pageSize,
  text: 17 * pageSize,
} as const;
