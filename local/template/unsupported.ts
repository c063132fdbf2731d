/** Something in the synthesized templates that the embedded cloud does not run: refused by name, never ignored. */
export class Unsupported extends Error {
  override name = 'Unsupported';
}
