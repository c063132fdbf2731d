/** A log file's name is like no other (CloudTrail guide, log file name format): wherever it lies, it is the one. */
export function nameOfKey(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
