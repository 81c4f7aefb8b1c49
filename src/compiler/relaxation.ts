import type { Fix } from '../lang/diagnostic.js';
import type { CpuAmount, Sentence } from '../lang/model.js';
import { formatDuration } from '../support/duration.js';
import { compare, formatRational, multiply, rational } from '../support/rational.js';
import { coresOf } from './cpu-amount.js';
import type { EffectiveHost } from './effective-host.js';
import type { HostMechanism } from './facts.js';
import { LEAST_BUDGET_NS } from './server-terms.js';

/** A sentence that takes part in an admission. */
export type Relaxable = Extract<Sentence, { kind: 'reserve' | 'keep' | 'place' | 'guarantee' }>;
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
  sentence.kind === 'reserve' ||
  sentence.kind === 'keep' ||
  sentence.kind === 'place' ||
  (sentence.kind === 'guarantee' && sentence.amounts.cpu !== null);

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

/** Whether everything can be admitted with one sentence in place of another. */
export type FitsWith = (sentence: Relaxable, variant: Relaxable) => boolean;

/**
 * For each sentence of a set the smallest change of its number alone that makes everything fit, by exact bisection (steps of
 * 1 us, of 0.01 core or of 1 % of the host), the smallest loss first; sentences that no change of theirs helps are absent.
 */
export function changes(
  culprits: readonly Relaxable[],
  host: EffectiveHost,
  fitsWith: FitsWith,
): readonly Change[] {
  return culprits
    .flatMap((sentence) => {
      const variant = variantsOf(sentence, host);
      if (variant === null) return [];
      const fits = (step: bigint) => fitsWith(sentence, variant.at(step));
      if (variant.most < variant.least || !fits(variant.least)) return [];
      let [low, high] = [variant.least, variant.most + 1n];
      while (high - low > 1n) {
        const middle = (low + high) / 2n;
        if (fits(middle)) low = middle;
        else high = middle;
      }
      const text = rewrite(sentence, variant.write(low));
      if (text === null) return [];
      const { file, range } = sentence.place;
      const fix = { title: `Write "${text}"`, edits: [{ file, range, text }] };
      return [{ change: { sentence, text, fix }, kept: rational(low, variant.most + 1n) }];
    })
    .sort((a, b) => compare(b.kept, a.kept))
    .map(({ change }) => change);
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
  return cpu === null ? null : coresVariants(sentence, cpu, host);
}

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

/** CPU as a sentence writes it: a percentage of the host or of a core, or cores. */
const CPU_NUMBER = /\d+(?:\.\d+)?(?:%(?:\s+of\s+a\s+core)?(?!\s+(?:of\s+)?memory)|\s+cores?\b)/;

function coresVariants(
  sentence: RelaxableOf<'keep' | 'guarantee'>,
  cpu: CpuAmount,
  host: EffectiveHost,
): Variants {
  const written = CPU_NUMBER.exec(sentence.text)?.[0] ?? '';
  const ofHost = written.endsWith('%');
  const ofACore = !ofHost && written.includes('%');
  const step = ofHost ? rational(BigInt(host.coreCount), 100n) : rational(1n, 100n);
  const now = coresOf(cpu, host);
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
    write: (count) => {
      if (ofHost) return `${count}%`;
      if (ofACore) return `${count}% of a core`;
      return `${formatRational(rational(count, 100n))} ${count === 100n ? 'core' : 'cores'}`;
    },
  };
}

const BUDGET = /\d+(?:\.\d+)?\s*(?:ns|us|\u00b5s|ms|s|min|h)(?=\s+(?:every|in any)\b)/;

/** The sentence's text with its number replaced; null where it is not found. */
function rewrite({ kind, text }: Relaxable, number: string): string | null {
  const pattern = kind === 'reserve' ? BUDGET : CPU_NUMBER;
  // The terms of an offer are among others in its text.
  const term = text.startsWith(kind) ? 0 : text.search(new RegExp(`\\b${kind}\\s`));
  const before = text.slice(0, Math.max(term, 0));
  const after = text.slice(before.length);
  return term >= 0 && pattern.test(after) ? before + after.replace(pattern, number) : null;
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
