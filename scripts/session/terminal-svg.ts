/** Foreground colours of ECMA-48 in the order of their codes, 30 to 37, for a dark terminal. */
const COLOURS = ['#484f58', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#c9d1d9'];
const FOREGROUND = '#c9d1d9';
const BACKGROUND = '#0d1117';
const CHARACTER_WIDTH = 8.43;
const LINE_HEIGHT = 19;
const MARGIN = 16;

interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly colour: string;
}

interface Run {
  readonly text: string;
  readonly style: Style;
}

const PLAIN: Style = { bold: false, dim: false, inverse: false, colour: FOREGROUND };
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is sent
const ESCAPE = /\u001b\[([0-9;]*)m/g;

/** What a terminal shows of this output (text and SGR codes only), as a picture that needs nothing else. */
export function terminalSvg(output: string): string {
  const lines = output.replaceAll('\r', '').trimEnd().split('\n');
  let style = PLAIN;
  const rows = lines.map((line) => {
    const runs = runsOf(line, style);
    style = runs.at(-1)?.style ?? style;
    return runs;
  });
  const columns = Math.max(...rows.map((runs) => runs.reduce((sum, { text }) => sum + text.length, 0)));
  const width = Math.ceil(columns * CHARACTER_WIDTH + 2 * MARGIN);
  const height = rows.length * LINE_HEIGHT + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>text { font: 14px ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre }</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...rows.flatMap((runs, row) => drawRow(runs, row)),
    '</svg>',
    '',
  ].join('\n');
}

/** The last run, empty or not, has the style that goes on in the next line. */
function runsOf(line: string, start: Style): readonly Run[] {
  const runs: Run[] = [];
  let style = start;
  let from = 0;
  for (const match of line.matchAll(ESCAPE)) {
    runs.push({ text: line.slice(from, match.index), style });
    style = (match[1] ?? '').split(';').reduce(applied, style);
    from = match.index + match[0].length;
  }
  return [...runs, { text: line.slice(from), style }];
}

function applied(style: Style, code: string): Style {
  const number = Number(code);
  if (number === 0) return PLAIN;
  if (number === 1) return { ...style, bold: true };
  if (number === 2) return { ...style, dim: true };
  if (number === 7 || number === 27) return { ...style, inverse: number === 7 };
  if (number === 22) return { ...style, bold: false, dim: false };
  if (number === 39) return { ...style, colour: FOREGROUND };
  return { ...style, colour: COLOURS[number - 30] ?? style.colour };
}

/** A text element for each run, at its own column, whatever the widths of the font at hand. */
function drawRow(runs: readonly Run[], row: number): readonly string[] {
  let column = 0;
  return runs.flatMap(({ text, style }) => {
    const x = MARGIN + column * CHARACTER_WIDTH;
    column += text.length;
    if (text.trim() === '' && !style.inverse) return [];
    const width = (text.length * CHARACTER_WIDTH).toFixed(1);
    const fill = style.inverse ? BACKGROUND : style.colour;
    const ground = style.inverse
      ? [
          `<rect x="${x.toFixed(1)}" y="${MARGIN + row * LINE_HEIGHT}" width="${width}" height="${LINE_HEIGHT}" fill="${style.colour}"/>`,
        ]
      : [];
    const weight = style.bold ? ' font-weight="bold"' : '';
    const opacity = style.dim ? ' opacity="0.6"' : '';
    const length = ` textLength="${width}"`;
    const y = MARGIN + (row + 0.75) * LINE_HEIGHT;
    const drawn = `<text x="${x.toFixed(1)}" y="${y}" fill="${fill}"${weight}${opacity}${length} xml:space="preserve">${escaped(text)}</text>`;
    return [...ground, drawn];
  });
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
