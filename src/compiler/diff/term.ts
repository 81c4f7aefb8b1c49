import type { Sentence } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { formatRational, multiply, type Rational, rational } from '../../support/rational.js';
import { type Resource, resourceText } from '../claims/resource.js';
import { coresText } from '../cpu-amount.js';
import { cycleText, serversText } from '../demand-text.js';
import type { Bound, Demands, ElasticDemand, ScopedBounds, ShareDemand } from '../demands/demands.js';
import type { EffectiveHost } from '../effective-host.js';
import { fraction, sum } from '../exact.js';
import type { HostMechanism } from '../facts.js';
import { subjectText } from '../modes/condition-text.js';
import { joinWords } from '../render/render-text.js';
import { subjectKey } from '../subject-key.js';

/** One thing that sentences in force come to for a subject. */
export interface Term {
  /** What is compared with what: "most", "each memory at least". */
  readonly topic: string;
  /** "at most 2 cores (25% of cpu)". */
  readonly text: string;
  /** Terms of a topic are the same when these are. */
  readonly key: string;
  /** Null where that is no choice. */
  readonly mechanism: HostMechanism | null;
  readonly sentences: readonly Sentence[];
}

export type BudgetSentence = Extract<Sentence, { kind: 'budget' }>;

/**
 * What a subject's own sentences come to; of a union, and of all guests, without those of what is in them.
 * `budgets`: those in force.
 */
export function termsOf(
  key: string,
  demands: Demands,
  budgets: readonly BudgetSentence[],
  host: EffectiveHost,
): readonly Term[] {
  return [
    ...runningTerms(key, demands),
    ...boundTerms(key, demands, host),
    ...reservationTerm(key, demands),
    ...shareTerms(key, demands),
    ...placementTerm(key, demands),
    ...amountTerms(key, demands, host),
    ...budgetTerms(key, budgets),
  ];
}

function runningTerms(key: string, { duties, yields, stops }: Demands): readonly Term[] {
  const [duty, idle, stop] = [duties.get(key), yields.get(key), stops.get(key)];
  return [
    ...(duty
      ? [
          term(
            'running',
            duty.runNs === 0n ? 'paused' : `runs ${cycleText(duty.runNs, duty.periodNs)}`,
            duty.sentences,
            duty.mechanism,
          ),
        ]
      : []),
    ...(idle ? [term('yield', 'runs only when nothing else wants the CPU', idle)] : []),
    ...(stop ? [term('stop', `ended within ${formatDuration(stop.withinNs)}`, stop.sentences)] : []),
  ];
}

function boundTerms(key: string, demands: Demands, host: EffectiveHost): readonly Term[] {
  const { keep, sumCeilings, eachCeilings, floors, elastics } = demands;
  const bound = (topic: string, words: string, one: Bound | null | undefined, behind = ''): Term[] => {
    if (!one) return [];
    const amount = resourceText({ resource: 'cpu', value: one.cores }, host);
    return [
      {
        ...term(topic, `${words} ${amount}${behind}`, one.sentences, one.mechanism),
        key: fraction(one.cores),
      },
    ];
  };
  const own = elastics.filter((one) => one.key === key);
  return [
    ...(key === 'owner' ? bound('keep', 'keeps', keep) : []),
    ...bound('most', 'at most', sumCeilings.get(key)),
    ...bound('each most', 'at most', eachCeilings.get(key), ' for each guest'),
    ...elasticTerms(own),
    ...bound('least', 'promised', floors.get(key)),
  ];
}

function elasticTerms(elastics: readonly ElasticDemand[]): readonly Term[] {
  return numbered('elastic', elastics, ({ scope, base, minus, from, to, sentence }) => {
    const each = scope === 'each' ? ' for each guest' : '';
    const range = `between ${coresText(from)} and ${coresText(to)}`;
    const text = `at most ${coresText(base)} less ${subjectText(minus)}, ${range}${each}`;
    return term('', text, [sentence], 'quota');
  });
}

/**
 * Of several terms of a kind each has a topic of its own, whatever their order; what is said twice is said
 * once.
 */
function numbered<T>(topic: string, all: readonly T[], termFor: (one: T) => Term): readonly Term[] {
  const byKey = new Map<string, Term>();
  for (const found of all.map(termFor)) {
    const key = `${found.key} ${found.mechanism}`;
    const sentences = [...(byKey.get(key)?.sentences ?? []), ...found.sentences];
    byKey.set(key, { ...found, sentences });
  }
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, found], index) => ({ ...found, topic: index === 0 ? topic : `${topic} ${index + 1}` }));
}

function reservationTerm(key: string, { reservations }: Demands): readonly Term[] {
  const reservation = reservations.get(key);
  if (!reservation) return [];
  return [term('reservation', `reserved ${serversText(reservation)}`, reservation.sentences, 'reservation')];
}

function shareTerms(key: string, { shares }: Demands): readonly Term[] {
  const own = shares.filter(({ parts }) => parts.some((part) => part.key === key));
  return numbered('share', own, (share) =>
    term('', partsText(key, share), [share.sentence], share.mechanism),
  );
}

/** "4 parts of 5, the others batch 1": in the least whole numbers. */
function partsText(key: string, { parts }: ShareDemand): string {
  const whole = sum(parts.map(({ proportion }) => proportion));
  const dens = parts.map(({ proportion }) =>
    rational(proportion.num * whole.den, proportion.den * whole.num),
  );
  const unit = dens.reduce((all, { den }) => (all * den) / divisor(all, den), 1n);
  const inWhole = (value: Rational) => formatRational(multiply(value, rational(unit)));
  const own = parts.findIndex((part) => part.key === key);
  const others = parts
    .flatMap((part, index) => (index === own ? [] : [`${part.key} ${inWhole(dens[index] ?? rational(0n))}`]))
    .sort();
  return `${inWhole(dens[own] ?? rational(0n))} of ${unit} parts of the CPU, beside ${joinWords(others)}`;
}

function divisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function placementTerm(key: string, { placements }: Demands): readonly Term[] {
  const placement = placements.get(key);
  if (!placement) return [];
  return [term('placement', `only on cores ${placement.cores.join(', ')}`, placement.sentences)];
}

function amountTerms(key: string, demands: Demands, host: EffectiveHost): readonly Term[] {
  const { memoryKept, memoryCeilings, memoryFloors, diskRates, diskOperations, networkRates } = demands;
  const scoped = (resource: Resource, words: string, { sum: sums, each }: ScopedBounds): readonly Term[] =>
    (
      [
        [sums.get(key), ''],
        [each.get(key), ' for each guest'],
      ] as const
    ).flatMap(([bound, behind]) => {
      if (!bound) return [];
      const text = `${words} ${resourceText({ resource, value: bound.amount }, host)}${behind}`;
      const topic = `${resource} ${words}${behind}`;
      return [{ ...term(topic, text, bound.sentences), key: fraction(bound.amount) }];
    });
  const kept = key === 'owner' && memoryKept ? memoryKept : null;
  return [
    ...(kept
      ? [
          {
            ...term(
              'memory keep',
              `keeps ${resourceText({ resource: 'memory', value: kept.amount }, host)}`,
              kept.sentences,
            ),
            key: fraction(kept.amount),
          },
        ]
      : []),
    ...scoped('memory', 'at most', memoryCeilings),
    ...scoped('memory', 'promised', memoryFloors),
    ...scoped('diskBytesPerSecond', 'at most', diskRates),
    ...scoped('diskIops', 'at most', diskOperations),
    ...scoped('networkBytesPerSecond', 'at most', networkRates),
  ];
}

const NS_PER_CORE_HOUR = 3_600_000_000_000n;

function budgetTerms(key: string, budgets: readonly BudgetSentence[]): readonly Term[] {
  const terms = budgets.flatMap((sentence) => {
    if (subjectKey(sentence.subject) !== key) return [];
    const hours = formatRational(rational(sentence.workNs, NS_PER_CORE_HOUR));
    const each = sentence.each ? ' for each guest' : '';
    const then = sentence.then === null ? '' : `, then ${sentence.then === 'pause' ? 'paused' : 'limited'}`;
    return [term('', `${hours} core-hours per ${sentence.per}${each}${then}`, [sentence])];
  });
  return terms
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map((one, index) => ({ ...one, topic: index === 0 ? 'budget' : `budget ${index + 1}` }));
}

const term = (
  topic: string,
  text: string,
  sentences: readonly Sentence[],
  mechanism: HostMechanism | null = null,
): Term => ({ topic, text, key: text, mechanism, sentences });
