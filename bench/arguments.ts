const units: Record<string, number> = { '': 1, KB: 1e3, MB: 1e6, GB: 1e9 };

/** `500KB`, `100MB`, `1GB` or a plain number, as a whole number above 0. Throws RangeError naming the option. */
export function sizeOf(option: string, text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(KB|MB|GB)?$/.exec(text) ?? [];
  const size = Math.round(Number(digits) * (units[unit] ?? Number.NaN));
  if (!(size > 0)) throw new RangeError(`${option}: '${text}' is not a size such as 500KB, 100MB or 1GB`);
  return size;
}

/** A percentage from 0 to 100 as a share from 0 to 1. Throws RangeError naming the option. */
export function percentOf(option: string, text: string): number {
  const percent = Number(text);
  if (text === '' || !(percent >= 0 && percent <= 100)) {
    throw new RangeError(`${option}: '${text}' is not a percentage`);
  }
  return percent / 100;
}
