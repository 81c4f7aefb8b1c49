import {
  compare,
  max,
  min,
  type Rational,
  rational,
  subtract,
  toNumber,
  ZERO,
} from '../../support/rational.js';
import { becauseOf } from '../because.js';
import { conflicts, feasibility, hostLimits } from '../catalogue.js';
import { coresText } from '../cpu-amount.js';
import { shownIn } from '../demand-text.js';
import type { Bound, ElasticDemand } from '../demands/demands.js';
import { vcpusIn } from '../demands/promise-conflicts.js';
import { reservedWithin } from '../demands/reserved-within.js';
import { wholeHost } from '../effective-host.js';
import type { HostMechanism } from '../facts.js';
import { quotaFidelity } from '../fidelity.js';
import { pointAt } from '../findings.js';
import { planSubject } from '../modes/condition-table.js';
import type { Setting, SettingOf } from '../plan.js';
import type { ServerDemand } from '../reservations/server-demand.js';
import { waterFill } from '../shares/fluid-division.js';
import { everySubject, floorTable } from '../shares/share-floors.js';
import type { ShareContext } from '../shares/shares.js';
import { dividedCeiling } from './divided-ceilings.js';
import { scatteredCeilings } from './scattered-ceilings.js';

/** A ceiling as a mechanism is to keep it. */
export interface Ceiling extends Bound {
  readonly key: string;
  readonly scope: 'each' | 'sum';
  /** It follows a signal below `cores`; null: it is plain. */
  readonly elastic: ElasticDemand | null;
  /** Why it is there although no sentence says it. */
  readonly note?: string;
}

export interface CeilingContext extends ShareContext {
  readonly servers: readonly ServerDemand[];
}

const DEFAULT_PERIOD_NS = 100_000_000n;
const LONGEST_PERIOD_NS = 1_000_000_000n;
/** Least quota that the kernel takes. */
const LEAST_QUOTA_NS = 1_000_000n;

/** Limits, and what `keep` and `share` come to where there are no weights to keep them with. */
export function ceilingsOf(context: CeilingContext): readonly Ceiling[] {
  const { demands } = context;
  const sums = new Map(demands.sumCeilings);
  const lower = (key: string, bound: Bound) => {
    const other = sums.get(key);
    if (!other || compare(bound.cores, other.cores) < 0) sums.set(key, bound);
  };
  const shares = shareCeilings(context);
  for (const [key, bound] of [...keepCeiling(context), ...shares]) lower(key, bound);
  for (const [key, bound] of looseCeilings(sums, context)) {
    const divided = dividedCeiling(key, bound, context);
    if (divided === null) continue;
    sums.delete(key);
    for (const [member, part] of divided) lower(member, part);
  }
  const ceilings = [
    ...[...sums].flatMap(([key, bound]) => withElastics({ ...bound, key, scope: 'sum' }, demands)),
    ...[...demands.eachCeilings].flatMap(([key, bound]) =>
      withElastics({ ...bound, key, scope: 'each' }, demands),
    ),
  ];
  return context.host.gathers ? ceilings : scatteredCeilings(ceilings, shares, context);
}

/** Quotas of unions without a cgroup; an elastic one is at its lower end. */
function looseCeilings(
  sums: ReadonlyMap<string, Bound>,
  { demands, nest }: CeilingContext,
): readonly (readonly [string, Bound])[] {
  return [...nest.loose].flatMap((key) => {
    const bound = sums.get(key);
    if (bound?.mechanism !== 'quota') return [];
    const ends = demands.elastics.filter((one) => one.key === key && one.scope === 'sum');
    const least = ends.reduce((cores, { from }) => min(cores, from), bound.cores);
    return [[key, { ...bound, cores: least }] as const];
  });
}

/** A ceiling once for each elastic one on the same subject, which it bounds from above; by itself where there is none. */
function withElastics(
  ceiling: Omit<Ceiling, 'elastic'>,
  { elastics }: CeilingContext['demands'],
): readonly Ceiling[] {
  const own = elastics.filter(({ key, scope }) => key === ceiling.key && scope === ceiling.scope);
  const plain = own.length === 0 || ceiling.mechanism !== 'quota' ? [{ ...ceiling, elastic: null }] : [];
  const following = own.map((elastic) => ({
    ...ceiling,
    mechanism: 'quota' as const,
    sentences:
      ceiling.mechanism === 'quota'
        ? [...new Set([...ceiling.sentences, elastic.sentence])]
        : [elastic.sentence],
    elastic,
  }));
  return [...plain, ...following];
}

function keepCeiling({ demands, host }: CeilingContext): readonly (readonly [string, Bound])[] {
  const { keep } = demands;
  if (keep?.mechanism !== 'quota') return [];
  return [['guests', { ...keep, cores: max(subtract(wholeHost(host), keep.cores), ZERO) }]];
}

/**
 * Without weights a proportion is a ceiling: a part of what reservations and the owner's floor leave, and for whom it would be
 * less than is promised to it, that.
 */
function shareCeilings(context: CeilingContext): readonly (readonly [string, Bound])[] {
  const { demands, host, reserved, situation, findings } = context;
  const left = subtract(subtract(wholeHost(host), reserved), demands.keep?.cores ?? ZERO);
  const floors = floorTable(demands, context.nest, everySubject(context), context);
  const floorOf = (key: string) => (key === 'owner' ? ZERO : floors.promised(key));
  return demands.shares.flatMap(({ sentence, parts, mechanism }) => {
    if (mechanism !== 'quota') return [];
    if (compare(left, ZERO) <= 0) {
      findings.add(
        feasibility.nothingLeft.at(sentence.place, { subject: 'these shares', ...shownIn(situation) }),
      );
      return [];
    }
    const cores = waterFill(
      left,
      parts.map(({ key, proportion }) => ({ proportion, floor: min(floorOf(key), left), most: left })),
    );
    return parts.flatMap(({ key }, index) => {
      // INVARIANT: as many parts of the CPU as of the sentence.
      const bound = { cores: cores[index]!, sentences: [sentence], mechanism };
      return key === 'owner' ? [] : [[key, bound] as const];
    });
  });
}

export const isBy =
  (...mechanisms: readonly HostMechanism[]) =>
  ({ mechanism }: Bound): boolean =>
    mechanisms.includes(mechanism);

/** Settings of the bandwidth controller. It sees no thread with a reservation, so what those take is taken off first. */
export function quotaSettings(ceilings: readonly Ceiling[], context: CeilingContext): readonly Setting[] {
  return ceilings.filter(isBy('quota')).flatMap((ceiling) => {
    const left = leftByReservations(ceiling, context);
    if (left === null) return [];
    if (compare(left, ZERO) > 0) return quotaSetting(ceiling, left, context);
    // The owner keeps all cores. INVARIANT: every bound stems from a sentence.
    const { place } = ceiling.sentences[0]!;
    const parameters = { subject: ceiling.key, ...shownIn(context.situation) };
    context.findings.add(feasibility.nothingLeft.at(place, parameters));
    return [];
  });
}

/** Null where no guest under the ceiling is without a reservation or a pause. */
function leftByReservations(ceiling: Ceiling, context: CeilingContext): Rational | null {
  const { population, demands, situation, findings } = context;
  const members = population.membersOf(ceiling.key);
  const idle = (key: string) => demands.reservations.has(key) || demands.duties.get(key)?.runNs === 0n;
  if (members.every(idle)) return null;
  if (ceiling.scope === 'each') return ceiling.cores;
  if (!members.some((key) => demands.reservations.has(key))) return ceiling.cores;
  const { all: reserved, vcpus } = reservedWithin(members, context);
  const left = subtract(ceiling.cores, reserved);
  if (compare(left, ZERO) > 0) return left;
  // Reservations that alone exceed the ceiling are a conflict of their own, reported as such.
  if (compare(vcpus, ceiling.cores) > 0) return null;
  const reserving = members.flatMap((key) => demands.reservations.get(key)?.sentences ?? []);
  const { place, related } = pointAt(
    [...ceiling.sentences, ...reserving],
    ({ text }) => `takes part: ${text}`,
  );
  findings.add(
    conflicts.restNeverRuns.at(
      place,
      {
        subject: ceiling.key,
        limit: coresText(ceiling.cores),
        reserved: coresText(reserved),
        ...shownIn(situation),
      },
      { related },
    ),
  );
  return null;
}

function quotaSetting(ceiling: Ceiling, cores: Rational, context: CeilingContext): readonly Setting[] {
  const periodNs = quotaPeriod(cores);
  if (periodNs > LONGEST_PERIOD_NS) {
    // INVARIANT: every bound stems from a sentence.
    context.findings.add(
      hostLimits.ceilingTooSmall.at(ceiling.sentences[0]!.place, {
        limit: coresText(ceiling.cores),
        least: coresText(rational(LEAST_QUOTA_NS, LONGEST_PERIOD_NS)),
        mechanism: 'a quota',
        ...shownIn(context.situation),
      }),
    );
    return [];
  }
  const vcpus = vcpusIn(ceiling.key, context);
  const declared = context.population.classes.get(ceiling.key);
  const running =
    ceiling.scope === 'each' ? (declared ? BigInt(declared.vcpus) : null) : (vcpus?.num ?? null);
  const reserved = subtract(ceiling.cores, cores);
  // An elastic one makes guests wait longest at its lower end.
  const least = ceiling.elastic ? max(min(subtract(ceiling.elastic.from, reserved), cores), ZERO) : cores;
  const fidelity = quotaFidelity((least.num * periodNs) / least.den, periodNs, running);
  const reduced = compare(reserved, ZERO) > 0;
  const notes = [
    ...(reduced ? [`${coresText(ceiling.cores)} less what reservations in it take`] : []),
    ...(ceiling.note === undefined ? [] : [ceiling.note]),
  ];
  return [
    {
      class: ceiling.key,
      subject: context.population.kindOf(ceiling.key),
      scope: ceiling.scope,
      mechanism: 'quota',
      ceilingCores: Number(cores.num) / Number(cores.den),
      periodNs: Number(periodNs),
      ...(ceiling.elastic ? { elastic: elasticOf(ceiling.elastic, reserved, cores) } : {}),
      fidelity: notes.length > 0 ? { ...fidelity, note: notes.join('; ') } : fidelity,
      because: becauseOf(ceiling.sentences),
    },
  ];
}

/** Less what reservations take of it, as the plain ceiling; and never above that. */
function elasticOf(
  { base, minus, from, to }: ElasticDemand,
  reserved: Rational,
  ceiling: Rational,
): NonNullable<SettingOf<'quota'>['elastic']> {
  const cores = (value: Rational) => toNumber(max(min(subtract(value, reserved), ceiling), ZERO));
  return {
    base: toNumber(subtract(base, reserved)),
    minus: planSubject(minus),
    fromCores: cores(from),
    toCores: cores(to),
  };
}

/** The default, or as long as the least quota needs. */
function quotaPeriod(cores: Rational): bigint {
  const least = (LEAST_QUOTA_NS * cores.den + cores.num - 1n) / cores.num;
  return least > DEFAULT_PERIOD_NS ? least : DEFAULT_PERIOD_NS;
}
