import type { Declared, Writing } from './policy/declared.js';
import { layOut } from './policy/lay-out.js';
import { writeGuarded } from './policy/write-constraints.js';
import {
  writeClass,
  writeHost,
  writeIgnore,
  writeLet,
  writeSignal,
  writeSwitch,
  writeUnion,
} from './policy/write-declarations.js';
import { writeTest } from './policy/write-tests.js';
import type { Random } from './random.js';

/**
 * A whole policy that follows every rule of the language: what it names is declared, quantities have the right dimension,
 * times are within their ranges. Whether it can be kept is another matter. Its sentences stand in any order and layout.
 */
export function generatePolicy(random: Random): string {
  const sentences = writeSentences(random);
  return layOut(random.some(sentences, sentences.length, sentences.length).join('\n'), random);
}

function writeSentences(random: Random): string[] {
  const writing: Writing = { random, declared: nothingDeclared(random.pick([4, 8])) };
  const several = (
    most: number,
    write: (writing: Writing, index: number) => string | null,
    least = 0,
  ): string[] =>
    Array.from({ length: random.between(least, most) }, (_, i) => write(writing, i)).filter(
      (text) => text !== null,
    );
  return [
    ...(random.chance(0.6) ? [writeHost(writing)] : []),
    ...several(4, writeClass, 1),
    ...several(2, writeUnion),
    ...several(1, writeIgnore),
    ...several(2, writeSwitch),
    ...several(2, writeSignal),
    ...several(3, writeLet),
    ...several(random.pick([1, 3, 6]), (each) => writeGuarded(each)),
    ...several(random.pick([0, 0, 2]), writeTest),
  ];
}

const nothingDeclared = (cores: number): Declared => ({
  cores,
  classes: [],
  unions: [],
  switches: [],
  signals: [],
  calendars: [],
  conditions: [],
  budgets: [],
  used: new Set(),
});
