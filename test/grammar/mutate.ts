import type { Random } from './random.js';

const TOKEN = /"[^"\n]*"|[A-Za-z][\w-]*|\d+|[ \t\r\n]+|./gsu;
const WORDS = (
  'vm group let limit reserve when otherwise share pause keep for owner every to by and or not except until ' +
  'assuming true mon-fri weekdays 09:00-17:00 2026-12-24 2026-12-24..2027-01-01 4 1.5 ms cores % of cpu a core ' +
  'memory ( ) { } , = . < >= "x" each guests others daily forecast over at upper up vms user name match vcpus - ; 0-3'
).split(' ');

/** Breaks a text in one place: a token or a character deleted, doubled, moved, replaced or added. */
export function mutate(text: string, random: Random): string {
  const pieces = random.next() < 0.6 ? (text.match(TOKEN) ?? []) : [...text];
  if (pieces.length === 0) return random.pick(WORDS);
  const at = random.below(pieces.length);
  const piece = pieces[at] ?? '';
  switch (random.below(5)) {
    case 0:
      pieces.splice(at, 1);
      break;
    case 1:
      pieces.splice(at, 0, piece);
      break;
    case 2:
      pieces.splice(at, 1);
      pieces.splice(random.below(pieces.length + 1), 0, piece);
      break;
    case 3:
      pieces[at] = random.pick(WORDS);
      break;
    default:
      pieces.splice(
        at,
        0,
        random.next() < 0.5 ? ` ${random.pick(WORDS)} ` : random.pick([...'aZ9_-."#(){}%<>= \n']),
      );
  }
  return pieces.join('');
}
