import type { Random } from '../random.js';

const PIECE = /"(?:[^"\\]|\\.)*"|[{}(),]|\s+|[^\s"{}(),]+/gsu;
const COMMENTS = [
  '# a note',
  '#',
  '# "quoted" { and more',
  '#tab\tinside',
  '# für später  ',
  '## limit x to 2 cores',
];
/** A space always, and a line break too, may stand for one space. */
const BETWEEN = [' ', ' ', ' ', ' ', '  ', '\n', '\n  ', '\t', '\r\n', '\n\n'];

/** A text with single spaces as somebody in a hurry would lay it out: the tokens stay, all between them may change. */
export function layOut(text: string, random: Random): string {
  const haste = random.pick([0, 0.05, 0.3, 1]);
  const pieces = text.match(PIECE) ?? [];
  const laid = pieces.map((piece) => {
    if (/^\s+$/.test(piece)) return random.chance(haste) ? writeWhite(random) : piece;
    if (!/^[{}(),]$/.test(piece) || !random.chance(haste / 3)) return piece;
    return piece === '(' ? piece : `${random.pick(['', ' '])}${piece}${random.pick(['', ' ', '\n'])}`;
  });
  const comment = random.chance(0.2) ? `\n${random.pick(COMMENTS)}` : '';
  return `${random.chance(0.05) ? '\uFEFF' : ''}${laid.join('')}${comment}`;
}

function writeWhite(random: Random): string {
  if (random.chance(0.85)) return random.pick(BETWEEN);
  return `${random.pick(BETWEEN)}${random.pick(COMMENTS)}\n${random.pick(['', '  ', '\n'])}`;
}
