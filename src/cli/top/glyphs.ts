/** What pictures are made of; a terminal without UTF-8 has plainer ones. */
export interface Glyphs {
  /** From empty to full, eighths of a cell from the left. */
  readonly bar: readonly string[];
  /** From low to high. */
  readonly levels: readonly string[];
  readonly gap: string;
  readonly track: string;
  /** Of what is not in force. */
  readonly warning: string;
  readonly ellipsis: string;
  readonly running: string;
  readonly held: string;
  readonly stopped: string;
  readonly separator: string;
  readonly rule: string;
  readonly more: string;
}

const UNICODE: Glyphs = {
  bar: [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  gap: '·',
  track: '·',
  warning: '!',
  ellipsis: '…',
  running: '●',
  held: '○',
  stopped: '■',
  separator: '│',
  rule: '─',
  more: '▸',
};

const ASCII: Glyphs = {
  bar: [' ', '#'],
  levels: ['_', '.', '-', '=', '+', '*', '#'],
  gap: ' ',
  track: '.',
  warning: '!',
  ellipsis: '~',
  running: 'R',
  held: 'H',
  stopped: 'S',
  separator: '|',
  rule: '-',
  more: '>',
};

/** By the locale of the environment (LC_ALL before LC_CTYPE before LANG), and the kind of the terminal. */
export function glyphsFor(env: Readonly<Record<string, string | undefined>>): Glyphs {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale) && env['TERM'] !== 'dumb' && env['TERM'] !== 'linux' ? UNICODE : ASCII;
}

/** A part of a whole, from 0 to 1, as a bar on its track; beyond 1 it ends in a mark. */
export function bar(
  part: number,
  columns: number,
  { bar: cells, more, track }: Glyphs,
): { readonly filled: string; readonly rest: string } {
  if (part > OVERFLOW && columns > 1)
    return { filled: (cells.at(-1) ?? '').repeat(columns - 1) + more, rest: '' };
  const steps = cells.length - 1;
  const eighths = Math.round(Math.min(Math.max(part, 0), 1) * columns * steps);
  const whole = Math.floor(eighths / steps);
  const filled =
    (cells[steps] ?? '').repeat(whole) + (eighths % steps > 0 ? (cells[eighths % steps] ?? '') : '');
  return { filled, rest: track.repeat(Math.max(0, columns - whole - (eighths % steps > 0 ? 1 : 0))) };
}

const OVERFLOW = 1.02;

/** Values from 0 to `most`, one column each; null: a gap. */
export const sparkline = (
  values: readonly (number | null)[],
  most: number,
  { levels, gap }: Glyphs,
): string =>
  values
    .map((value) => {
      if (value === null) return gap;
      const at = Math.round((Math.min(Math.max(value, 0), most) / most) * (levels.length - 1));
      return levels[at] ?? gap;
    })
    .join('');
