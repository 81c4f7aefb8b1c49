import type { OutputStream } from './command.js';

type Paint = (text: string) => string;

/** The terminal's colours, or none of them. */
export interface Colors {
  readonly enabled: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  /** Foreground and background exchanged. */
  readonly inverse: Paint;
}

/** Colours for a stream: with `auto` on a terminal unless NO_COLOR says otherwise (no-color.org). */
export function colorsFor(
  choice: 'auto' | 'always' | 'never',
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): Colors {
  return createColors(choice === 'auto' ? stream.isTTY === true && !env['NO_COLOR'] : choice === 'always');
}

/** ECMA-48 SGR codes that turn a style on and off again. */
function createColors(enabled: boolean): Colors {
  const style = (on: number, off: number): Paint =>
    enabled ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  return {
    enabled,
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    cyan: style(36, 39),
    inverse: style(7, 27),
  };
}
