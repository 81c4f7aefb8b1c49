import { compare, type Rational, rational } from '../../support/rational.js';
import { leastOfSum } from '../claims/least.js';
import { mostOfSum } from '../claims/most.js';
import { resourceText } from '../claims/resource.js';
import { fraction } from '../exact.js';
import { type SettledPolicy, type SettledSituation, settleOne } from '../explain/settled-policy.js';
import { anything, type Scenery, sceneryOf, type View, Writer } from '../explain/view.js';
import { guaranteedPart } from '../explain/weights-point.js';
import type { Situation } from '../modes/situation.js';
import type { Term } from './term.js';

/** What subjects get in the situations of a policy once everything is taken together; each asked once. */
export class Outcomes {
  readonly #settled: SettledPolicy;
  readonly #writer: Writer;
  readonly #bySituation: ReadonlyMap<string, SettledSituation>;
  readonly #known = new Map<
    Situation,
    { readonly scenery: Scenery | null; readonly terms: Map<string, readonly Term[]> }
  >();

  constructor(settled: SettledPolicy) {
    this.#settled = settled;
    this.#writer = new Writer(settled.context);
    this.#bySituation = new Map(settled.situations.map((one) => [keyOf(one.situation), one]));
  }

  /**
   * The most it can get, what it is promised, and its part while everything wants CPU; none where no
   * schedule is known.
   */
  of(key: string, situation: Situation): readonly Term[] {
    const known = this.#known.get(situation) ?? { scenery: this.#sceneryOf(situation), terms: new Map() };
    this.#known.set(situation, known);
    if (known.scenery === null) return [];
    const terms = known.terms.get(key) ?? termsOf({ ...known.scenery, key });
    known.terms.set(key, terms);
    return terms;
  }

  #sceneryOf(situation: Situation): Scenery | null {
    const { context } = this.#settled;
    const settled = this.#bySituation.get(keyOf(situation)) ?? settleOne(situation, context);
    return settled === null ? null : sceneryOf(settled, context, anything(context), this.#writer);
  }
}

const termsOf = (view: View): readonly Term[] =>
  view.key === 'owner' ? partTerm(view) : [...mostTerm(view), ...leastTerm(view), ...partTerm(view)];

const keyOf = ({ active }: Situation): string =>
  active.map(({ sentence, certain }) => `${sentence.index}${certain ? '' : '?'}`).join(' ');

function mostTerm({ key, circumstances }: View): readonly Term[] {
  const { value } = mostOfSum(key, 'cpu', circumstances);
  return value === null ? [] : [termOf('can get', 'can get at most', value, circumstances)];
}

function leastTerm({ key, circumstances, promises }: View): readonly Term[] {
  const { value } = leastOfSum(key, 'cpu', promises);
  const isPromised = value !== null && compare(value, rational(0n)) > 0;
  return isPromised ? [termOf('is promised', 'is promised', value, circumstances)] : [];
}

function partTerm(view: View): readonly Term[] {
  const part = guaranteedPart(view);
  return part === null ? [] : [termOf('part', 'while everything wants CPU,', part, view.circumstances)];
}

const termOf = (topic: string, words: string, value: Rational, { host }: View['circumstances']): Term => ({
  topic,
  text: `${words} ${resourceText({ resource: 'cpu', value }, host)}`,
  key: fraction(value),
  mechanism: null,
  sentences: [],
});
