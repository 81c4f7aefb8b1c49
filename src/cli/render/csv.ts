import { visible } from '../../support/terminal-text.js';

/** Rows as CSV (RFC 4180): lines end with CRLF, quotes are around what needs them. */
export function renderCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** What is unknown is empty. A text that a spreadsheet would take for a formula, or a terminal for a command, is kept from being one. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const shown = visible(String(value));
  const text = typeof value === 'string' && /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
