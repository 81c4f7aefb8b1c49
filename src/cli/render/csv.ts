/**
 * Rows as CSV (RFC 4180): lines end with CRLF, quotes are around what needs them. Of the last line break the LF is left out: whoever
 * prints a text adds it.
 */
export function renderCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  return `${[header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r`;
}

/** What is unknown is empty. A text that a spreadsheet would take for a formula is kept from being one. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
