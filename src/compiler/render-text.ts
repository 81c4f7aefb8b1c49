/** At most four decimals; takes the fractions of a certificate as well. For reading only. */
export function decimal(value: string | number): string {
  const [num = '0', den = '1'] = String(value).split('/');
  return String(Math.round((Number(num) / Number(den)) * 10_000) / 10_000);
}

/** "a, b and c". */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Breaks a text at blanks into lines of at most `width` columns (longer words stay whole). */
export function wrap(text: string, width: number, first = '', next = first): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = next;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
