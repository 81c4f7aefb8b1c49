import type { CpuAmount, MemoryAmount, Sentence } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { ceil, formatRational, multiply, type Rational, rational } from '../../support/rational.js';
import { coresOf } from '../cpu-amount.js';
import { bytesOf } from '../demands/combine-amounts.js';
import type { EffectiveHost } from '../effective-host.js';
import { LEAST_BUDGET_NS } from '../reservations/server-terms.js';

/**
 * The sentences that differ from one in its number only and ask for less, in steps that a person would write: 1 us, 0.01 core
 * or 1%. The first asks for almost as much, the last for the least.
 */
export interface Variants {
  readonly count: bigint;
  /** From 1 to `count`. */
  at(step: bigint): Sentence;
  write(step: bigint): string;
  /** The part of what was asked for that this leaves, or the part of what is allowed that the sentence allowed: 0 to 1. */
  kept(step: bigint): Rational;
}

const MICROSECOND = 1000n;

/** In the amount of memory; null where a sentence has none. */
export const memoryVariantsOf = (sentence: Sentence, host: EffectiveHost): Variants | null =>
  (sentence.kind === 'keep' || sentence.kind === 'guarantee') &&
  sentence.memoryNumber &&
  sentence.amounts.memory
    ? lessMemory(sentence, sentence.amounts.memory, host)
    : null;

/** Null where a sentence has no number that could be another. */
export function variantsOf(sentence: Sentence, host: EffectiveHost): Variants | null {
  if (sentence.number === null) return null;
  switch (sentence.kind) {
    case 'reserve':
      return sentence.form.kind === 'tasks' ? null : budgets(sentence, sentence.form);
    case 'run':
      return times(sentence.runNs, MICROSECOND, (runNs) => ({ ...sentence, runNs }));
    case 'keep':
    case 'guarantee':
      return sentence.amounts.cpu && lowered(sentence, sentence.amounts.cpu, host);
    case 'limit':
      return sentence.amounts.cpu && sentence.elastic === null
        ? raised(sentence, sentence.amounts.cpu, host)
        : null;
    default:
      return null;
  }
}

type Reserve = Extract<Sentence, { kind: 'reserve' }>;
type Bounding = Extract<Sentence, { kind: 'keep' | 'guarantee' | 'limit' }>;

const budgets = (sentence: Reserve, form: Exclude<Reserve['form'], { kind: 'tasks' }>): Variants | null =>
  times(form.budgetNs, BigInt(LEAST_BUDGET_NS), (budgetNs) => ({ ...sentence, form: { ...form, budgetNs } }));

/** In whole microseconds below a time, down to a least. */
function times(nowNs: bigint, leastNs: bigint, at: (ns: bigint) => Sentence): Variants | null {
  const most = (nowNs - 1n) / MICROSECOND;
  const count = most - leastNs / MICROSECOND + 1n;
  if (count < 1n) return null;
  const timeAt = (step: bigint) => (most - step + 1n) * MICROSECOND;
  return {
    count,
    at: (step) => at(timeAt(step)),
    write: (step) => formatDuration(timeAt(step)),
    kept: (step) => rational(timeAt(step), nowNs),
  };
}

/** How an amount of CPU is written: cores, of which a hundredth is a step, or a percentage of a core or of the host. */
interface Unit {
  readonly step: Rational;
  write(steps: bigint): string;
}

function unitOf(written: string, host: EffectiveHost): Unit {
  const hundredth = rational(1n, 100n);
  if (!written.includes('%')) {
    const write = (steps: bigint) =>
      `${formatRational(multiply(hundredth, rational(steps)))} ${steps === 100n ? 'core' : 'cores'}`;
    return { step: hundredth, write };
  }
  const rest = written.slice(written.indexOf('%'));
  const step = /of\s+a\s+core/.test(rest) ? hundredth : multiply(hundredth, rational(BigInt(host.coreCount)));
  return { step, write: (steps) => `${steps}${rest}` };
}

function lowered(sentence: Bounding, cpu: CpuAmount, host: EffectiveHost): Variants | null {
  const { step, write } = unitOf(sentence.number?.text ?? '', host);
  const now = coresOf(cpu, host);
  const most = ceil(ratioOf(now, step)) - 1n;
  if (most < 1n) return null;
  const stepsAt = (index: bigint) => most - index + 1n;
  return {
    count: most,
    at: (index) => withCores(sentence, multiply(step, rational(stepsAt(index)))),
    write: (index) => write(stepsAt(index)),
    kept: (index) => ratioOf(multiply(step, rational(stepsAt(index))), now),
  };
}

/** Up to the whole host. */
function raised(sentence: Bounding, cpu: CpuAmount, host: EffectiveHost): Variants | null {
  const { step, write } = unitOf(sentence.number?.text ?? '', host);
  const now = coresOf(cpu, host);
  const first = (now.num * step.den) / (now.den * step.num) + 1n;
  const whole = (BigInt(host.coreCount) * step.den) / step.num;
  if (whole < first) return null;
  const stepsAt = (index: bigint) => first + index - 1n;
  return {
    count: whole - first + 1n,
    at: (index) => withCores(sentence, multiply(step, rational(stepsAt(index)))),
    write: (index) => write(stepsAt(index)),
    kept: (index) => ratioOf(now, multiply(step, rational(stepsAt(index)))),
  };
}

/** Mebibytes below an amount, or hundredths of the host's memory. */
function lessMemory(sentence: Bounding, memory: MemoryAmount, host: EffectiveHost): Variants | null {
  const fraction = memory.kind === 'memory-fraction';
  const step = fraction ? rational(BigInt(host.facts.memoryBytes), 100n) : rational(1n << 20n);
  const now = bytesOf(memory, host);
  const most = ceil(ratioOf(now, step)) - 1n;
  if (most < 1n) return null;
  const stepsAt = (index: bigint) => most - index + 1n;
  const written = sentence.memoryNumber?.text ?? '';
  const unit = fraction ? written.slice(written.indexOf('%')) : ' MiB';
  return {
    count: most,
    at: (index) => {
      const bytes = multiply(step, rational(stepsAt(index)));
      return { ...sentence, amounts: { ...sentence.amounts, memory: { kind: 'size', bytes } } };
    },
    write: (index) => `${stepsAt(index)}${unit}`,
    kept: (index) => ratioOf(multiply(step, rational(stepsAt(index))), now),
  };
}

const ratioOf = (a: Rational, b: Rational): Rational => rational(a.num * b.den, a.den * b.num);

const withCores = (sentence: Bounding, cores: Rational): Sentence => ({
  ...sentence,
  amounts: { ...sentence.amounts, cpu: { kind: 'cores', cores } },
});
