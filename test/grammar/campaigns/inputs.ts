import type { NormativeGrammar } from '../load-grammar.js';
import { mutate, mutateBytes, mutateValues, splice } from '../mutate.js';
import { generatePolicy } from '../policy-generator.js';
import type { Random } from '../random.js';
import { SentenceGenerator } from '../sentence-generator.js';

/** Rules that single sentences are made of: those with the most forms more often. */
const SENTENCES = ['statement', 'constraint', 'constraint', 'test', 'when', 'let'];

/** Sentences of the grammar, small, three in five of them broken in a place or two. */
export function grammarText(grammar: NormativeGrammar, random: Random): string {
  const generator = new SentenceGenerator(grammar, random);
  const isFile = random.chance(0.1);
  let text = isFile
    ? generator.generate('policy')
    : Array.from({ length: random.pick([1, 1, 1, 2]) }, () =>
        generator.generate(random.pick(SENTENCES)),
      ).join('\n');
  for (let left = random.pick([0, 0, 1, 1, 2]); left > 0; left--) text = mutate(text, random);
  return text;
}

/** A well-formed policy, or what became of one by changes of any kind. */
export function mutatedPolicy(random: Random): string {
  const policy = generatePolicy(random);
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return policy;
    case 3:
    case 4:
    case 5:
      return mutateValues(policy, random);
    case 6:
      return splice(policy, generatePolicy(random), random);
    case 7:
      return mutateBytes(policy, random);
    default: {
      let text = policy;
      for (let left = random.between(1, 3); left > 0; left--) text = mutate(text, random);
      return text;
    }
  }
}

/** A policy with other numbers, units and names: mostly one that still follows the grammar. */
export const mutatedValues = (random: Random): string => mutateValues(generatePolicy(random), random);
