import type { Plan } from './plan.js';

/**
 * The checksum that a plan carries of all else in it: of its JSON without white space and without the checksum itself,
 * schedules and their proofs after everything else. So no number changes unnoticed, not even one that only a sentence of the
 * policy could confirm, such as a ceiling; white space may. It is against mistakes, not against forgery, and proves nothing:
 * for that there is the rest of the certificate. 64 bits in hexadecimal: FNV-1a with two bases, over UTF-16 code units, each
 * lane in 32 bits. `textOf`: the JSON of a schedule or a proof, for whoever has it already.
 */
export function planChecksum(
  { certificate: { checksum: _, schedules: proofs, ...certificate }, schedules, ...plan }: Plan,
  textOf: (part: object) => string = JSON.stringify,
): string {
  let [first, second] = [0x811c9dc5, 0xc9dc5118];
  const take = (text: string): void => {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul(second ^ unit, 0x01000193) + 1;
    }
  };
  take(JSON.stringify([plan, certificate, schedules.length]));
  for (const part of [...schedules, ...proofs]) take(textOf(part));
  return [first, second].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
