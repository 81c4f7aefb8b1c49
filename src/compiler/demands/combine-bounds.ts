import { invariant } from '../../support/invariant.js';
import { compare, multiply, rational } from '../../support/rational.js';
import { coresOf } from '../cpu-amount.js';
import type { HostMechanism } from '../facts.js';
import { countedClasses } from '../population.js';
import { subjectKey } from '../subject-key.js';
import { type CombineContext, reportUncounted, type SentenceOf } from './combine-context.js';
import type { Bound, ElasticDemand, Growing } from './demands.js';

type BoundSentence = SentenceOf<'keep' | 'limit' | 'guarantee'>;

interface CpuCeilings {
  readonly sumCeilings: Map<string, Growing<Bound>>;
  readonly eachCeilings: Map<string, Growing<Bound>>;
  readonly elastics: ElasticDemand[];
}

/** Sentences that speak of no CPU have no mechanism, and do not come here. */
function boundOf(sentence: BoundSentence, mechanism: HostMechanism, { host }: CombineContext): Bound {
  const { cpu } = sentence.amounts;
  invariant(cpu, 'a bound on CPU has an amount of it');
  return { cores: coresOf(cpu, host), sentences: [sentence], mechanism };
}

export function addKeep(
  sentence: SentenceOf<'keep'>,
  mechanism: HostMechanism,
  keep: Map<string, Growing<Bound>>,
  context: CombineContext,
): void {
  settle(keep, 'owner', boundOf(sentence, mechanism, context), 1);
}

/** Ceilings combine by minimum. An elastic one is plain, at its lower end, where no quota keeps it. */
export function addLimit(
  sentence: SentenceOf<'limit'>,
  mechanism: HostMechanism,
  { sumCeilings, eachCeilings, elastics }: CpuCeilings,
  context: CombineContext,
): void {
  const { elastic } = sentence;
  const upper = boundOf(sentence, mechanism, context);
  const followed = elastic !== null && mechanism === 'quota';
  const bound =
    elastic === null || followed ? upper : { ...upper, cores: coresOf(elastic.from, context.host) };
  for (const { key, scope } of targetsOf(sentence, context)) {
    settle(scope === 'sum' ? sumCeilings : eachCeilings, key, bound, -1);
    if (!followed) continue;
    const [base, from, to] = [elastic.base, elastic.from, elastic.to].map((one) =>
      coresOf(one, context.host),
    );
    invariant(base && from && to, 'three amounts give three numbers');
    elastics.push({ key, scope, base, from, to, minus: elastic.minus, sentence });
  }
}

/** Floors combine by maximum; what is promised to each guest of a class is promised to all of them together. */
export function addGuarantee(
  sentence: SentenceOf<'guarantee'>,
  mechanism: HostMechanism,
  floors: Map<string, Growing<Bound>>,
  context: CombineContext,
): void {
  const bound = boundOf(sentence, mechanism, context);
  const key = subjectKey(sentence.subject);
  if (!sentence.each) {
    settle(floors, key, bound, 1);
    return;
  }
  if (reportUncounted(sentence, key, context)) return;
  for (const member of countedClasses(context.population, sentence.subject)) {
    const guests = BigInt(context.population.classes.get(member)?.maxGuests ?? 1);
    settle(floors, member, { ...bound, cores: multiply(bound.cores, rational(guests)) }, 1);
  }
}

/** On what a bound acts: a subject's sum, or each guest of its classes; a class of one guest is its sum. */
export function targetsOf(
  { subject, each }: SentenceOf<'limit' | 'guarantee'>,
  { population }: CombineContext,
): readonly { readonly key: string; readonly scope: 'each' | 'sum' }[] {
  const key = subjectKey(subject);
  if (!each) return [{ key, scope: 'sum' }];
  return population.membersOf(key).map((member) => {
    const single = population.classes.get(member)?.maxGuests === 1;
    return { key: member, scope: single ? 'sum' : 'each' };
  });
}

function settle(bounds: Map<string, Growing<Bound>>, key: string, bound: Bound, wanted: 1 | -1): void {
  const other = bounds.get(key);
  const order = other === undefined ? wanted : Math.sign(compare(bound.cores, other.cores));
  if (order === wanted) bounds.set(key, { ...bound, sentences: [...bound.sentences] });
  else if (order === 0) other?.sentences.push(...bound.sentences);
}
