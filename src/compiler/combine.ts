import type { MechanismName, Sentence } from '../lang/model.js';
import { formatDuration } from '../support/duration.js';
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
import { type Findings, pointAt } from './findings.js';
import { countedClasses, type Population } from './population.js';
import type { Situation } from './situation.js';
import { subjectKey } from './subject-key.js';

/** All that combining needs besides the situation. */
export interface CombineContext {
  readonly host: EffectiveHost;
  readonly population: Population;
  readonly mechanisms: ReadonlyMap<Sentence, MechanismName>;
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
  const shares: { sentence: ShareSentence; mechanism: MechanismName }[] = [];

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
      case 'pause':
        addDuty(
          { sentence, certain },
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

function boundOf(sentence: BoundSentence, mechanism: MechanismName, { host }: CombineContext): Bound {
  return { cores: coresOf(sentence.amount, host), sentences: [sentence], mechanism };
}

function addLimit(
  sentence: SentenceOf<'limit'>,
  mechanism: MechanismName,
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
  mechanism: MechanismName,
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
  const { budgetNs, periodNs } = sentence;
  for (const member of countedClasses(context.population, sentence.subject)) {
    const other = reservations.get(member);
    if (other === undefined || (other.periodNs === periodNs && other.budgetNs < budgetNs)) {
      reservations.set(member, { budgetNs, periodNs, sentences: [sentence] });
    } else if (other.periodNs !== periodNs) {
      const { place, related } = pointAt([...other.sentences, sentence], ({ text }) => `and here: ${text}`);
      context.findings.add(
        conflicts.twoReservations.at(
          place,
          {
            subject: member,
            first: cycleText(other.budgetNs, other.periodNs),
            second: cycleText(budgetNs, periodNs),
            ...shownIn(situation),
          },
          { related },
        ),
      );
    } else if (other.budgetNs === budgetNs) {
      reservations.set(member, { ...other, sentences: [...other.sentences, sentence] });
    }
  }
}

function addDuty(
  { sentence, certain }: { sentence: SentenceOf<'run' | 'pause'>; certain: boolean },
  mechanism: 'duty' | 'freezer',
  duties: Map<string, DutyDemand & { readonly certain: boolean }>,
  situation: Situation,
  context: CombineContext,
): void {
  const [runNs, periodNs] =
    sentence.kind === 'run' ? [sentence.runNs, sentence.periodNs] : [0n, PAUSE_PERIOD_NS];
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
