/** Rows as columns two spaces apart; cells that look like numbers, and headers above them, are aligned to the right. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  const numeric = header.map((_, column) => rows.every((row) => isNumber(row[column] ?? '')));
  return all
    .map((row) =>
      header
        .map((_, c) => pad(row[c] ?? '', widths[c] ?? 0, numeric[c] ?? false))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Colours take no room. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC starts a terminal's colour sequence.
const width = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, '').length;

const isNumber = (text: string) => text === '' || text === '-' || /^[-+]?[\d.,]+ ?[%a-zA-Z]*$/.test(text);

function pad(text: string, to: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, to - width(text)));
  return right ? space + text : text + space;
}
