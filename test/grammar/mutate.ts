import type { Random } from './random.js';

const TOKEN = /"[^"\n]*"|[A-Za-z][\w-]*|\d+|[ \t\r\n]+|./gsu;
const LINE = /[^\n]*\n|[^\n]+/g;
const WORDS = (
  'vm group let limit reserve when otherwise share pause keep for owner every to by and or not except until yield stop ' +
  'assuming true mon-fri weekdays 09:00-17:00 2026-12-24 2026-12-24..2027-01-01 4 1.5 ms cores % of cpu a core place ' +
  'memory ( ) { } , = . < >= "x" each guests others daily forecast over at upper up vms user name match vcpus - ; 0-3 ' +
  'import host ignore switch signal number test given expect that unknown spent most least paused while assert budget ' +
  'day per then offer task within in any its tasks on process running between disk network iops core-hours 10:00 C GiB'
).split(' ');
const CHARACTERS = [...'aZ9_-."#(){}%<>=,: \n\t\r\\/\uFEFFü€'];

const characters = (text: string): string[] => [...text];
const tokens = (text: string): string[] => text.match(TOKEN) ?? [];
const lines = (text: string): string[] => text.match(LINE) ?? [];

/** Breaks a text in one place: a character, a token or a line deleted, doubled, moved, replaced or added. */
export function mutate(text: string, random: Random): string {
  const [cut, fresh] = random.pick([
    [tokens, () => ` ${random.pick(WORDS)} `],
    [tokens, () => random.pick(WORDS)],
    [tokens, () => random.pick(WORDS)],
    [characters, () => random.pick(CHARACTERS)],
    [characters, () => random.pick(CHARACTERS)],
    [lines, () => `${random.pick(WORDS)} ${random.pick(WORDS)}\n`],
  ] as const);
  return mutatePieces(cut(text), fresh, random).join('');
}

function mutatePieces(pieces: string[], fresh: () => string, random: Random): string[] {
  if (pieces.length === 0) return [fresh()];
  const at = random.below(pieces.length);
  const [piece = ''] = pieces.slice(at, at + 1);
  switch (random.below(5)) {
    case 0:
      return pieces.toSpliced(at, 1);
    case 1:
      return pieces.toSpliced(at, 0, piece);
    case 2:
      return pieces.toSpliced(at, 1).toSpliced(random.below(pieces.length), 0, piece);
    case 3:
      return pieces.with(at, fresh());
    default:
      return pieces.toSpliced(at, 0, fresh());
  }
}

const NUMBER = /^\d+$/;
const UNITS = /^(?:ns|us|ms|s|min|h|d|core|cores|B|KB|MB|GB|TB|KiB|MiB|GiB|TiB|iops|C)$/;
const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '7',
  '16',
  '64',
  '99',
  '100',
  '101',
  '1000',
  '4096',
  '99999',
  '1000000000000',
];

/** Another number, unit or name in a few places: mostly what follows the grammar still does, and says something else. */
export function mutateValues(text: string, random: Random): string {
  const pieces = tokens(text);
  const words = pieces.filter((piece) => /^[A-Za-z"]/.test(piece) && !UNITS.test(piece));
  const likes: readonly ((piece: string) => boolean)[] = [
    (piece) => NUMBER.test(piece),
    (piece) => UNITS.test(piece),
    (piece) => words.includes(piece),
  ];
  for (let left = random.between(1, 4); left > 0; left--) {
    const isLike = random.pick(likes);
    const places = [...pieces.keys()].filter((at) => isLike(pieces[at] ?? ''));
    if (places.length === 0) continue;
    const others = pieces.filter(isLike);
    const isNumber = isLike === likes[0] && random.chance(0.7);
    pieces[random.pick(places)] = random.pick(isNumber ? NUMBERS : others);
  }
  return pieces.join('');
}

/** The begin of one text and the end of another, cut between tokens. */
export function splice(head: string, tail: string, random: Random): string {
  const [first, second] = [tokens(head), tokens(tail)];
  const begin = first.slice(0, random.below(first.length + 1));
  return [...begin, ...second.slice(random.below(second.length + 1))].join('');
}

/** Some bytes of its UTF-8 replaced, removed or added, read again as the commands read a file. */
export function mutateBytes(text: string, random: Random): string {
  const bytes = [...Buffer.from(text)];
  for (let left = random.between(1, 4); left > 0; left--) {
    const at = random.below(bytes.length + 1);
    bytes.splice(at, random.below(2), ...Array.from({ length: random.below(3) }, () => random.below(256)));
  }
  return Buffer.from(bytes).toString('utf8');
}
