import type { Plan } from './plan.js';

/**
 * The checksum that a plan carries of all else in it: of its JSON without white space and without the checksum itself,
 * schedules and their proofs after everything else. So no number changes unnoticed, not even one that only a sentence of the
 * policy could confirm, such as a ceiling; white space may. It is against mistakes, not against forgery, and proves nothing:
 * for that there is the rest of the certificate. 64 bits in hexadecimal: FNV-1a in two lanes of 32 bits, over the UTF-8 text of
 * each part four bytes at a time, so that any change of one of them changes both lanes. `textOf`: the JSON of a schedule or a proof, for
 * whoever has it already.
 */
export function planChecksum(
  { certificate: { checksum: _, schedules: proofs, ...certificate }, schedules, ...plan }: Plan,
  textOf: (part: object) => string = JSON.stringify,
): string {
  const rest = JSON.stringify([plan, certificate, schedules.length]);
  let lanes = take(rest, [0x811c9dc5, 0xc9dc5118]);
  for (const part of [...schedules, ...proofs]) lanes = take(textOf(part), lanes);
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

function take(text: string, lanes: readonly [number, number]): [number, number] {
  const { buffer, byteLength } = encoder.encode(text);
  const bytes = new DataView(buffer, 0, byteLength);
  let [first, second] = lanes;
  const add = (word: number): void => {
    first = Math.imul(first ^ word, PRIME);
    second = Math.imul(second ^ word, PRIME) + 1;
  };
  let at = 0;
  for (; at + 4 <= byteLength; at += 4) add(bytes.getUint32(at, true));
  let rest = byteLength;
  for (; at < byteLength; at++) rest = (rest << 8) ^ bytes.getUint8(at);
  add(rest);
  return [first, second];
}

const encoder = new TextEncoder();
const PRIME = 0x01000193;
