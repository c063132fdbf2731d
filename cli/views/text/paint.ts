import picocolors from 'picocolors';

export type Paint = ReturnType<typeof picocolors.createColors>;

/**
 * Colours only for a person at a terminal: not for a pipe, not with NO_COLOR (no-color.org: set and not empty), not
 * with `--no-color`, not on a terminal that calls itself dumb.
 */
export function paintFor(
  stream: { isTTY?: boolean },
  wanted: boolean,
  environment: NodeJS.ProcessEnv = process.env,
): Paint {
  const { NO_COLOR, TERM } = environment;
  return picocolors.createColors(Boolean(stream.isTTY) && wanted && !NO_COLOR && TERM !== 'dumb');
}
