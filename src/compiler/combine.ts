import type { Sentence, Subject } from '../lang/model.js';
import { formatDuration } from '../support/duration.js';
import { invariant } from '../support/invariant.js';
import { compare, multiply, rational } from '../support/rational.js';
import { conflicts, feasibility } from './catalogue.js';
import { coresOf } from './cpu-amount.js';
import {
  type Bound,
  type Demands,
  type DutyDemand,
  PAUSE_PERIOD_NS,
  type ReservationDemand,
  type ShareSentence,
} from './demands.js';
import type { EffectiveHost } from './effective-host.js';
import type { HostMechanism } from './facts.js';
import { type Findings, pointAt } from './findings.js';
import { countedClasses, type Population } from './population.js';
import { isUniform, reservationOf } from './reservation-form.js';
import type { Situation } from './situation.js';
import { subjectKey } from './subject-key.js';

/** All that combining needs besides the situation. */
export interface CombineContext {
  readonly host: EffectiveHost;
  readonly population: Population;
  readonly mechanisms: ReadonlyMap<Sentence, HostMechanism>;
  readonly findings: Findings;
}

type SentenceOf<K extends Sentence['kind']> = Extract<Sentence, { kind: K }>;
type BoundSentence = SentenceOf<'keep' | 'limit' | 'guarantee'>;

/**
 * Several sentences on one subject: ceilings combine by minimum, floors by maximum, a pause wins over a run; two
 * different duty cycles or reservations are conflicts, unless the guard of one is unknown: then the stricter holds.
 */
export function combine(situation: Situation, context: CombineContext): Demands {
  const sumCeilings = new Map<string, Bound>();
  const eachCeilings = new Map<string, Bound>();
  const floors = new Map<string, Bound>();
  const keep = new Map<string, Bound>();
  const reservations = new Map<string, ReservationDemand>();
  const duties = new Map<string, DutyDemand & { readonly certain: boolean }>();
  const shares: { sentence: ShareSentence; mechanism: HostMechanism }[] = [];

  for (const { sentence, certain } of situation.active) {
    const mechanism = context.mechanisms.get(sentence);
    if (mechanism === undefined) continue;
    switch (sentence.kind) {
      case 'keep':
        raise(keep, 'owner', boundOf(sentence, mechanism, context));
        break;
      case 'limit':
        addLimit(sentence, mechanism, sumCeilings, eachCeilings, context);
        break;
      case 'guarantee':
        addGuarantee(sentence, mechanism, floors, context);
        break;
      case 'reserve':
        addReservation(sentence, reservations, situation, context);
        break;
      case 'run':
        addDuty(
          { sentence, certain, runNs: sentence.runNs, periodNs: sentence.periodNs },
          mechanism === 'freezer' ? 'freezer' : 'duty',
          duties,
          situation,
          context,
        );
        break;
      case 'pause':
        addDuty(
          { sentence, certain, runNs: 0n, periodNs: PAUSE_PERIOD_NS },
          mechanism === 'freezer' ? 'freezer' : 'duty',
          duties,
          situation,
          context,
        );
        break;
      case 'share':
        shares.push({ sentence, mechanism });
    }
  }
  return {
    keep: keep.get('owner') ?? null,
    sumCeilings,
    eachCeilings,
    floors,
    reservations,
    duties: new Map([...duties].map(([key, { certain: _, ...duty }]) => [key, duty])),
    shares,
  };
}

/** Sentences that speak of no CPU have no mechanism, and do not come here. */
function boundOf(sentence: BoundSentence, mechanism: HostMechanism, { host }: CombineContext): Bound {
  const { cpu } = sentence.amounts;
  invariant(cpu, 'a bound on CPU has an amount of it');
  return { cores: coresOf(cpu, host), sentences: [sentence], mechanism };
}

function addLimit(
  sentence: SentenceOf<'limit'>,
  mechanism: HostMechanism,
  sums: Map<string, Bound>,
  eachs: Map<string, Bound>,
  context: CombineContext,
): void {
  const bound = boundOf(sentence, mechanism, context);
  const key = subjectKey(sentence.subject);
  if (!sentence.each) {
    lower(sums, key, bound);
    return;
  }
  for (const member of context.population.membersOf(key)) {
    const single = context.population.classes.get(member)?.maxGuests === 1;
    lower(single ? sums : eachs, member, bound);
  }
}

function addGuarantee(
  sentence: SentenceOf<'guarantee'>,
  mechanism: HostMechanism,
  floors: Map<string, Bound>,
  context: CombineContext,
): void {
  const bound = boundOf(sentence, mechanism, context);
  const key = subjectKey(sentence.subject);
  if (!sentence.each) {
    raise(floors, key, bound);
    return;
  }
  if (reportUncounted(sentence, key, context)) return;
  for (const member of countedClasses(context.population, sentence.subject)) {
    const guests = BigInt(context.population.classes.get(member)?.maxGuests ?? 1);
    raise(floors, member, { ...bound, cores: multiply(bound.cores, rational(guests)) });
  }
}

function addReservation(
  sentence: SentenceOf<'reserve'>,
  reservations: Map<string, ReservationDemand>,
  situation: Situation,
  context: CombineContext,
): void {
  if (reportUncounted(sentence, subjectKey(sentence.subject), context)) return;
  for (const member of countedClasses(context.population, sentence.subject)) {
    // INVARIANT: counted classes are declared.
    const declared = context.population.classes.get(member)!;
    const result = reservationOf(sentence.form, declared, context.host);
    if (!result.ok) {
      context.findings.add(feasibility.noInterface.at(sentence.place, { subject: member, why: result.why }));
      continue;
    }
    const own: ReservationDemand = { vcpus: result.vcpus, sentences: [sentence] };
    const other = reservations.get(member);
    if (other === undefined || isWithin(other, own, 'less')) reservations.set(member, own);
    else if (isWithin(other, own, 'equal')) {
      reservations.set(member, { ...other, sentences: [...other.sentences, sentence] });
    } else if (!isWithin(own, other, 'less')) {
      reportTwoReservations(member, other, own, situation, context);
    }
  }
}

/** Whether every server of one has the same period and no more, or just as much, budget as that of the other. */
function isWithin(one: ReservationDemand, other: ReservationDemand, how: 'less' | 'equal'): boolean {
  const pairs = one.vcpus.map((server, index) => [server, other.vcpus[index]] as const);
  const fits = pairs.every(
    ([a, b]) =>
      a.periodNs === b?.periodNs && (how === 'equal' ? a.budgetNs === b.budgetNs : a.budgetNs <= b.budgetNs),
  );
  return fits && (how === 'equal' || pairs.some(([a, b]) => a.budgetNs !== b?.budgetNs));
}

function reportTwoReservations(
  subject: string,
  first: ReservationDemand,
  second: ReservationDemand,
  situation: Situation,
  { findings }: CombineContext,
): void {
  const sentences = [...first.sentences, ...second.sentences];
  const { place, related } = pointAt(sentences, ({ text }) => `and here: ${text}`);
  findings.add(
    conflicts.twoReservations.at(
      place,
      { subject, first: serversText(first), second: serversText(second), ...shownIn(situation) },
      { related },
    ),
  );
}

/** "20ms every 100ms", of each vCPU where they differ. */
export function serversText({ vcpus }: ReservationDemand): string {
  const texts = vcpus.map(({ budgetNs, periodNs }) => cycleText(budgetNs, periodNs));
  return isUniform(vcpus) ? texts.slice(0, 1).join() : texts.join(', ');
}

function addDuty(
  asked: { sentence: Sentence & { subject: Subject }; certain: boolean; runNs: bigint; periodNs: bigint },
  mechanism: 'duty' | 'freezer',
  duties: Map<string, DutyDemand & { readonly certain: boolean }>,
  situation: Situation,
  context: CombineContext,
): void {
  const { sentence, certain, runNs, periodNs } = asked;
  const own = { runNs, periodNs, sentences: [sentence], mechanism, certain };
  for (const member of context.population.membersOf(subjectKey(sentence.subject))) {
    const other = duties.get(member);
    if (other === undefined) duties.set(member, own);
    else if (other.runNs === runNs && other.periodNs === periodNs) {
      duties.set(member, {
        ...other,
        sentences: [...other.sentences, sentence],
        certain: other.certain || certain,
      });
    } else if (other.certain && certain && runNs > 0n && other.runNs > 0n) {
      reportTwoRuns(member, other, own, situation, context);
    } else if (stricter(own, other)) duties.set(member, own);
  }
}

function reportTwoRuns(
  subject: string,
  first: DutyDemand,
  second: DutyDemand,
  situation: Situation,
  { findings }: CombineContext,
): void {
  const sentences = [...first.sentences, ...second.sentences];
  const { place, related } = pointAt(sentences, ({ text }) => `and here: ${text}`);
  findings.add(
    conflicts.twoRuns.at(
      place,
      {
        subject,
        first: cycleText(first.runNs, first.periodNs),
        second: cycleText(second.runNs, second.periodNs),
        ...shownIn(situation),
      },
      { related },
    ),
  );
}

/** The lower rate; of equal rates the longer stops. */
function stricter(a: DutyDemand, b: DutyDemand): boolean {
  const order = compare(rational(a.runNs, a.periodNs), rational(b.runNs, b.periodNs));
  return order < 0 || (order === 0 && a.periodNs > b.periodNs);
}

function lower(bounds: Map<string, Bound>, key: string, bound: Bound): void {
  settle(bounds, key, bound, -1);
}

function raise(bounds: Map<string, Bound>, key: string, bound: Bound): void {
  settle(bounds, key, bound, 1);
}

function settle(bounds: Map<string, Bound>, key: string, bound: Bound, wanted: 1 | -1): void {
  const other = bounds.get(key);
  const order = other === undefined ? wanted : compare(bound.cores, other.cores);
  if (order === wanted) bounds.set(key, bound);
  else if (order === 0 && other) {
    bounds.set(key, { ...other, sentences: [...other.sentences, ...bound.sentences] });
  }
}

function reportUncounted(sentence: Sentence, key: string, { population, findings }: CombineContext): boolean {
  if (!population.membersOf(key).includes('others')) return false;
  findings.add(feasibility.uncounted.at(sentence.place, { subject: key }));
  return true;
}

/** "20ms every 100ms". */
export const cycleText = (budgetNs: bigint, periodNs: bigint): string =>
  `${formatDuration(budgetNs)} every ${formatDuration(periodNs)}`;

export const shownIn = ({ modeId, example }: Situation): { mode: string; example: string | null } => ({
  mode: modeId,
  example,
});
