/** A terminal's columns for a tab: enough to be seen as one, wherever it stands. */
const TAB = '    ';

/**
 * What a terminal shows of a text, and nothing that it would obey: the text comes from a file of anyone's. Tabs become
 * spaces, every other control or format character a replacement character.
 */
export function visible(text: string): string {
  return text.replace(/\t/g, TAB).replace(HIDDEN, '\uFFFD');
}

const HIDDEN = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/gu;

/** Columns that a visible text takes: 2 for what is wide (East Asian scripts, emoji), 0 for what joins the letter before. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += JOINED.test(character) ? 0 : isWide(character) ? 2 : 1;
  return width;
}

const ASCII = /^[\x20-\x7e]*$/;
const JOINED = /\p{Mn}|\p{Me}/u;

/** Blocks of wide characters, after UAX #11 (East_Asian_Width W and F), to whole blocks. */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function isWide(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return WIDE.some(([first, last]) => point >= first && point <= last);
}
