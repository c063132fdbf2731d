import { html as escaped } from 'hono/html';
import { clean, cleanLines } from './clean.ts';

/** Markup that may be sent as it is: only {@link html} and {@link lines} make it. */
export type Html = Exclude<ReturnType<typeof escaped>, Promise<unknown>>;

export type Value = string | number | boolean | null | undefined | Html | Value[];

/**
 * Markup from a template. Every text put in is made visible (control characters, direction marks) and escaped, in
 * element and quoted attribute alike: nothing of a log is ever sent raw, because there is no way to.
 */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return escaped(strings, ...values.map(visible)) as Html;
}

/** Text of several lines that we laid out ourselves: line feeds stay. */
export function lines(text: string): Html {
  return escaped`${cleanLines(text)}` as Html;
}

function visible(value: Value): unknown {
  // A String object is markup already: hono marks it so.
  if (typeof value === 'string') return clean(value);
  return Array.isArray(value) ? value.map(visible) : value;
}
