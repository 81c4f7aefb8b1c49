import type { Fix } from '../lang/diagnostic.js';
import type { CpuAmount, Sentence } from '../lang/model.js';
import { formatDuration } from '../support/duration.js';
import { formatRational, multiply, rational } from '../support/rational.js';
import { coresOf } from './cpu-amount.js';
import type { EffectiveHost } from './effective-host.js';
import type { HostMechanism } from './facts.js';
import { LEAST_BUDGET_NS } from './server-terms.js';

/** A sentence that takes part in an admission. */
export type Relaxable = Extract<Sentence, { kind: 'reserve' | 'keep' | 'place' }>;
type RelaxableOf<K extends Relaxable['kind']> = Extract<Relaxable, { kind: K }>;
/** Whether these sentences, and nothing else, can be admitted together. */
export type FitTest = (sentences: readonly Relaxable[]) => boolean;

export interface Change {
  readonly sentence: Relaxable;
  /** The sentence with the largest number that is admitted. */
  readonly text: string;
  readonly fix: Fix;
}

export const isRelaxable = (sentence: Sentence): sentence is Relaxable =>
  sentence.kind === 'reserve' || sentence.kind === 'keep' || sentence.kind === 'place';

/** A subset that cannot be admitted, although it can without any one of its sentences (deletion filter). */
export function irreducible(sentences: readonly Relaxable[], fits: FitTest): readonly Relaxable[] {
  let kept = [...sentences];
  for (const sentence of sentences) {
    const without = kept.filter((one) => one !== sentence);
    if (!fits(without)) kept = without;
  }
  return kept;
}

const RESERVE_STEP_NS = 1000n;

/**
 * For each sentence of a set the smallest change of its number alone that admits all the others with it, by exact
 * bisection (steps of 1 us, of 0.01 core or of 1 % of the host); sentences that no change of theirs helps are absent.
 */
export function changes(
  culprits: readonly Relaxable[],
  all: readonly Relaxable[],
  host: EffectiveHost,
  fits: FitTest,
): readonly Change[] {
  return culprits.flatMap((sentence) => {
    const variant = variantsOf(sentence, host);
    if (variant === null) return [];
    const fitsWith = (step: bigint) => fits(all.map((one) => (one === sentence ? variant.at(step) : one)));
    if (variant.most < variant.least || !fitsWith(variant.least)) return [];
    let [low, high] = [variant.least, variant.most + 1n];
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (fitsWith(middle)) low = middle;
      else high = middle;
    }
    const text = rewrite(sentence, variant.write(low));
    if (text === null) return [];
    const { file, range } = sentence.place;
    const fix = { title: `Write "${text}"`, edits: [{ file, range, text }] };
    return [{ sentence, text, fix }];
  });
}

/** The sentences that differ from one in its number only, numbered by steps of it. */
interface Variants {
  readonly least: bigint;
  readonly most: bigint;
  at(step: bigint): Relaxable;
  write(step: bigint): string;
}

/** Null where it has no such number. */
function variantsOf(sentence: Relaxable, host: EffectiveHost): Variants | null {
  if (sentence.kind === 'reserve') return reserveVariants(sentence);
  if (sentence.kind === 'place') return null;
  const { cpu } = sentence.amounts;
  return cpu === null ? null : keepVariants(sentence, cpu, host);
}

/** Less budget, in every period or in any window; what tasks need is no number of the sentence. */
function reserveVariants(sentence: RelaxableOf<'reserve'>): Variants | null {
  const { form } = sentence;
  if (form.kind === 'tasks') return null;
  return {
    least: BigInt(LEAST_BUDGET_NS) / RESERVE_STEP_NS,
    most: (form.budgetNs - 1n) / RESERVE_STEP_NS,
    at: (step) => ({ ...sentence, form: { ...form, budgetNs: step * RESERVE_STEP_NS } }),
    write: (step) => formatDuration(step * RESERVE_STEP_NS),
  };
}

function keepVariants(sentence: RelaxableOf<'keep'>, cpu: CpuAmount, host: EffectiveHost): Variants {
  const percent = sentence.text.includes('%');
  const unit = percent ? rational(BigInt(host.coreCount), 100n) : rational(1n, 100n);
  const now = coresOf(cpu, host);
  const ofACore = /%\s+of\s+a\s+core/.test(sentence.text);
  const step = ofACore ? rational(1n, 100n) : unit;
  return {
    least: 1n,
    most: (now.num * step.den - 1n) / (now.den * step.num),
    at: (count) => ({
      ...sentence,
      amounts: {
        ...sentence.amounts,
        cpu: { kind: 'cores' as const, cores: multiply(step, rational(count)) },
      },
    }),
    write: (count) => (percent ? `${count}%` : formatRational(rational(count, 100n))),
  };
}

/** The sentence's text with its number replaced; null where it is not found. */
function rewrite({ kind, text }: Relaxable, number: string): string | null {
  // The terms of an offer are among others in its text.
  if (!text.startsWith(kind)) return null;
  const pattern =
    kind === 'reserve'
      ? /\d+(?:\.\d+)?(?:ns|us|ms|s)(?=\s+(?:every|in any)\b)/
      : /\d+(?:\.\d+)?(?:%|(?=\s+cores?\b))/;
  return pattern.test(text) ? text.replace(pattern, number) : null;
}

/** Mechanisms of sentences, also of variants that stand for them. */
export function mechanismsFor(
  sentences: readonly Relaxable[],
  all: ReadonlyMap<Sentence, HostMechanism>,
): ReadonlyMap<Sentence, HostMechanism> {
  const byIndex = new Map([...all].map(([sentence, mechanism]) => [sentence.index, mechanism]));
  return new Map(
    sentences.flatMap((sentence) => {
      const mechanism = byIndex.get(sentence.index);
      return mechanism ? [[sentence, mechanism] as const] : [];
    }),
  );
}
