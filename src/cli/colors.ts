import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { OutputStream } from './command.js';

/** Colours for a stream: with `auto` on a terminal unless NO_COLOR says otherwise (no-color.org). */
export function colorsFor(
  choice: 'auto' | 'always' | 'never',
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): Colors {
  const wanted = choice === 'auto' ? stream.isTTY === true && !env['NO_COLOR'] : choice === 'always';
  return picocolors.createColors(wanted);
}
