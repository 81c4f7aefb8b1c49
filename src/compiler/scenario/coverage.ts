import type { Sentence } from '../../lang/model.js';
import { isKnownZone } from '../calendar/zone.js';
import { modeId, modeText } from '../modes/mode-id.js';
import { type AtomRange, reachableModes } from '../modes/modes.js';
import type { TestResult } from './run-test.js';
import type { Scene } from './scene.js';

/** How many tests have a sentence in force. */
export interface SentenceCoverage {
  readonly sentence: Sentence;
  readonly tests: number;
}

export interface UntestedMode {
  readonly id: string;
  /** Its conditions with their values: "office, not gaming, busy unknown". */
  readonly text: string;
  /** RFC 9557; null where no calendar plays a part. */
  readonly example: string | null;
}

export interface Coverage {
  /** In the order of the text; without assertions, which are checked in every mode. */
  readonly sentences: readonly SentenceCoverage[];
  /** Modes in which every signal is known; null when there are too many to tell. */
  readonly modes: { readonly total: number; readonly untested: readonly UntestedMode[] } | null;
}

/** What the tests of a policy leave out. */
export function coverageOf(results: readonly TestResult[], scene: Scene): Coverage {
  const counts = new Map<Sentence, number>();
  for (const { activated } of results) {
    for (const sentence of activated) counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  }
  const sentences = scene.sentences
    .filter((sentence) => sentence.kind !== 'assert' && !scene.isTermOfOffer(sentence))
    .map((sentence) => ({ sentence, tests: counts.get(sentence) ?? 0 }));
  return { sentences, modes: modesOf(results, scene) };
}

/** What this host happens to sense is no matter of tests, and what it loses now and then would triple the modes of each signal. */
const everythingKnown: AtomRange = () => [true, false];

function modesOf(results: readonly TestResult[], { context }: Scene): Coverage['modes'] {
  const { table, host } = context;
  const zone = host.facts.timezone;
  if (table.atoms.some(({ kind }) => kind === 'calendar') && !isKnownZone(zone)) return null;
  const reachable = reachableModes(table, zone, everythingKnown);
  if (!reachable.ok) return null;
  const tested = new Set(results.map(({ values }) => values?.join(' ')));
  const untested = reachable.modes.filter(({ values }) => !tested.has(values.join(' ')));
  return {
    total: reachable.modes.length,
    untested: untested.map(({ values, example }) => ({
      id: modeId(table.conditions, values),
      text: modeText(table.conditions, values),
      example,
    })),
  };
}
