import type { Amounts, MemoryAmount, Sentence } from '../../lang/model.js';
import { compare, multiply, type Rational, rational } from '../../support/rational.js';
import { hostLimits } from '../catalogue.js';
import type { EffectiveHost } from '../effective-host.js';
import { subjectKey } from '../subject-key.js';
import { targetsOf } from './combine-bounds.js';
import { type CombineContext, reportUncounted, type SentenceOf } from './combine-context.js';
import type { AmountBound, ScopedBounds } from './demands.js';

type MutableBounds = { readonly [S in keyof ScopedBounds]: Map<string, AmountBound> };

/** Bounds on everything but CPU. */
export interface AmountDemands {
  readonly memoryKept: Map<string, AmountBound>;
  readonly memoryCeilings: MutableBounds;
  readonly memoryFloors: MutableBounds;
  readonly diskRates: MutableBounds;
  readonly diskOperations: MutableBounds;
  readonly networkRates: MutableBounds;
}

export const noAmounts = (): AmountDemands => ({
  memoryKept: new Map(),
  memoryCeilings: { sum: new Map(), each: new Map() },
  memoryFloors: { sum: new Map(), each: new Map() },
  diskRates: { sum: new Map(), each: new Map() },
  diskOperations: { sum: new Map(), each: new Map() },
  networkRates: { sum: new Map(), each: new Map() },
});

/** Bytes, as a fraction of the host's memory where the policy says so. */
export const bytesOf = (amount: MemoryAmount, { facts }: EffectiveHost): Rational =>
  amount.kind === 'size' ? amount.bytes : multiply(amount.fraction, rational(BigInt(facts.memoryBytes)));

/** Only memory can be kept: how much a disk or a network can do nobody knows, so no part of it can be left. */
export function keepAmounts(
  sentence: SentenceOf<'keep'>,
  { memoryKept }: AmountDemands,
  context: CombineContext,
): void {
  const { memory } = sentence.amounts;
  if (memory) settle(memoryKept, 'owner', boundOf(bytesOf(memory, context.host), sentence), 1);
  reportUnkeepable(sentence, context);
}

/** Ceilings combine by minimum. */
export function limitAmounts(
  sentence: SentenceOf<'limit'>,
  demands: AmountDemands,
  context: CombineContext,
): void {
  const { memory, diskBytesPerSecond, diskIops, networkBytesPerSecond } = sentence.amounts;
  const bounds: readonly (readonly [MutableBounds, Rational | null])[] = [
    [demands.memoryCeilings, memory && bytesOf(memory, context.host)],
    [demands.diskRates, diskBytesPerSecond],
    [demands.diskOperations, diskIops],
    [demands.networkRates, networkBytesPerSecond],
  ];
  const given = bounds.flatMap(([bound, amount]) => (amount ? [[bound, amount] as const] : []));
  if (given.length === 0) return;
  for (const { key, scope } of targetsOf(sentence, context)) {
    for (const [bound, amount] of given) settle(bound[scope], key, boundOf(amount, sentence), -1);
  }
}

/** Floors combine by maximum; again of memory only. */
export function guaranteeAmounts(
  sentence: SentenceOf<'guarantee'>,
  { memoryFloors }: AmountDemands,
  context: CombineContext,
): void {
  reportUnkeepable(sentence, context);
  const { memory } = sentence.amounts;
  if (memory === null) return;
  if (sentence.each && reportUncounted(sentence, subjectKey(sentence.subject), context)) return;
  for (const { key, scope } of targetsOf(sentence, context)) {
    settle(memoryFloors[scope], key, boundOf(bytesOf(memory, context.host), sentence), 1);
  }
}

const boundOf = (amount: Rational, sentence: Sentence): AmountBound => ({ amount, sentences: [sentence] });

function settle(bounds: Map<string, AmountBound>, key: string, bound: AmountBound, wanted: 1 | -1): void {
  const other = bounds.get(key);
  const order = other === undefined ? wanted : Math.sign(compare(bound.amount, other.amount));
  if (order === wanted) bounds.set(key, bound);
  else if (order === 0 && other) {
    bounds.set(key, { ...other, sentences: [...other.sentences, ...bound.sentences] });
  }
}

function reportUnkeepable(sentence: SentenceOf<'keep' | 'guarantee'>, { findings }: CombineContext): void {
  for (const what of unkeepable(sentence.amounts)) {
    findings.add(hostLimits.unkeepable.at(sentence.place, { kind: sentence.kind, what }));
  }
}

function unkeepable(amounts: Amounts): readonly ('disk' | 'network')[] {
  const disk = amounts.diskBytesPerSecond ?? amounts.diskIops;
  return [
    ...(disk === null ? [] : (['disk'] as const)),
    ...(amounts.networkBytesPerSecond === null ? [] : (['network'] as const)),
  ];
}
