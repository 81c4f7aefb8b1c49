import type { GuestClass } from '../../lang/model.js';
import { conflicts, hostLimits } from '../catalogue.js';
import { cycleText, formText, shownIn } from '../demand-text.js';
import type { EffectiveHost } from '../effective-host.js';
import { pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import { countedClasses } from '../population.js';
import { MOST_TASKS, reportRefusal, reportTooManyTasks } from '../reservations/interface-refusal.js';
import {
  type Reservation,
  type ReservationResult,
  reservationOf,
  type VcpuServer,
} from '../reservations/reservation-form.js';
import { SHORTEST_CYCLE_NS, SHORTEST_RUN_NS } from '../reservations/server-terms.js';
import { subjectKey } from '../subject-key.js';
import { type CombineContext, reportUncounted, type SentenceOf } from './combine-context.js';
import type { ReservationDemand } from './demands.js';

type ReserveSentence = SentenceOf<'reserve'>;
type EverySentence = ReserveSentence & { readonly form: { readonly kind: 'every' } };
type DerivedSentence = ReserveSentence & { readonly form: { readonly kind: 'in-any' | 'tasks' } };

const isEvery = (one: ReserveSentence): one is EverySentence => one.form.kind === 'every';
const isDerived = (one: ReserveSentence): one is DerivedSentence => !isEvery(one);

/** Notes a sentence for each class that it speaks of. */
export function askReservation(
  sentence: ReserveSentence,
  asked: Map<string, ReserveSentence[]>,
  context: CombineContext,
): void {
  if (reportUncounted(sentence, subjectKey(sentence.subject), context)) return;
  for (const member of countedClasses(context.population, sentence.subject)) {
    const others = asked.get(member);
    if (others) others.push(sentence);
    else asked.set(member, [sentence]);
  }
}

/**
 * The servers that keep all reservations in force, by class. Of budgets in equal periods the larger counts; windows and tasks
 * are kept together by servers derived from all of them. A budget in every period is exact: what else is asked for holds with
 * it, or is a conflict, as budgets in different periods are.
 */
export function reservationsOf(
  asked: ReadonlyMap<string, readonly ReserveSentence[]>,
  situation: Situation,
  context: CombineContext,
): ReadonlyMap<string, ReservationDemand> {
  return new Map(
    [...asked].flatMap(([key, sentences]) => {
      const demand = reservationFor(key, sentences, situation, context);
      return demand ? [[key, demand] as const] : [];
    }),
  );
}

function reservationFor(
  key: string,
  sentences: readonly ReserveSentence[],
  situation: Situation,
  context: CombineContext,
): ReservationDemand | null {
  // INVARIANT: counted classes are declared.
  const declared = context.population.classes.get(key)!;
  const largest = largestBudget(key, sentences.filter(isEvery), situation, context);
  const derived = sentences.filter(isDerived);
  const kept = [...largest, ...derived];
  const mechanism = mechanismOf(key, kept, situation, context);
  if (mechanism === null) return null;
  const reservation: Reservation = {
    every: largest[0]?.form ?? null,
    windows: derived.flatMap(({ form }) => (form.kind === 'in-any' ? [form] : [])),
    tasks: derived.some(({ form }) => form.kind === 'tasks'),
    guarded: kept.some(({ guards }) => guards.length > 0),
    gang: mechanism !== 'reservation',
  };
  if (reservation.tasks && declared.tasks.length > MOST_TASKS) {
    reportTooManyTasks(key, derived, declared, context);
    return null;
  }
  const result = knownReservation(reservation, declared, context.host);
  if (result.ok && (!reservation.gang || isKeepable(key, result.vcpus, kept, context)))
    return { vcpus: result.vcpus, sentences: kept, mechanism };
  if (result.ok) return null;
  const { refused } = result;
  if (refused) reportRefusal({ subject: key, sentences: derived, refused, reservation, declared }, context);
  // INVARIANT: only a budget in every period is proved for something else, and without one nothing is refused like that.
  else reportTwoReservations(key, largest[0]!, derived[0]!, kept, situation, context);
  return null;
}

/** What keeps these sentences, all of them in the same way; null: they ask for different ones, which is reported. */
function mechanismOf(
  key: string,
  sentences: readonly ReserveSentence[],
  situation: Situation,
  context: CombineContext,
): ReservationDemand['mechanism'] | null {
  const mechanisms = new Map(sentences.map((one) => [context.mechanisms.get(one), one]));
  const [[mechanism, first] = [undefined, undefined], [, second] = [undefined, undefined]] = mechanisms;
  if (first && second) {
    reportTwoReservations(key, first, second, sentences, situation, context);
    return null;
  }
  return mechanism === 'duty' || mechanism === 'freezer' ? mechanism : 'reservation';
}

/** Whether guests can be stopped and continued as finely as that; reported where not. */
function isKeepable(
  subject: string,
  [server]: readonly VcpuServer[],
  sentences: readonly ReserveSentence[],
  { findings }: CombineContext,
): boolean {
  if (!server || (server.budgetNs >= SHORTEST_RUN_NS && server.periodNs >= SHORTEST_CYCLE_NS)) return true;
  const { place, related } = pointAt(sentences, ({ text }) => `and here: ${text}`);
  const cycle = cycleText(server.budgetNs, server.periodNs);
  const least = cycleText(SHORTEST_RUN_NS, SHORTEST_CYCLE_NS);
  findings.add(hostLimits.coarseReservation.at(place, { subject, cycle, least }, { related }));
  return false;
}

/** The sentences that ask for the largest budget; where periods differ none of them includes the others. */
function largestBudget(
  key: string,
  sentences: readonly EverySentence[],
  situation: Situation,
  context: CombineContext,
): readonly EverySentence[] {
  let largest: readonly EverySentence[] = [];
  for (const sentence of sentences) {
    const [other] = largest;
    const { budgetNs, periodNs } = sentence.form;
    if (other === undefined || (other.form.periodNs === periodNs && other.form.budgetNs < budgetNs)) {
      largest = [sentence];
    } else if (other.form.periodNs !== periodNs) {
      reportTwoReservations(key, other, sentence, [...largest, sentence], situation, context);
    } else if (other.form.budgetNs === budgetNs) {
      largest = [...largest, sentence];
    }
  }
  return largest;
}

/** A class asks for the same in many situations, and in all attempts at a hint: what that comes to is found once. */
const known = new WeakMap<GuestClass, Map<string, ReservationResult>>();

function knownReservation(
  reservation: Reservation,
  declared: GuestClass,
  host: EffectiveHost,
): ReservationResult {
  const { facts, deadlineLimit, tickNs, contextSwitchesNs } = host;
  const ofHost = [facts.hrtickDeadline, tickNs, deadlineLimit.num, deadlineLimit.den, contextSwitchesNs];
  const terms = [...ofHost, reservation.guarded, reservation.gang];
  const asked = [reservation.every, ...reservation.windows].map((form) =>
    form === null ? '' : Object.values(form).join(' '),
  );
  const key = [...terms, reservation.tasks, ...asked].join(';');
  const ofClass = known.get(declared) ?? new Map<string, ReservationResult>();
  known.set(declared, ofClass);
  const result = ofClass.get(key) ?? reservationOf(reservation, declared, host);
  ofClass.set(key, result);
  return result;
}

function reportTwoReservations(
  subject: string,
  first: ReserveSentence,
  second: ReserveSentence,
  sentences: readonly ReserveSentence[],
  situation: Situation,
  { findings }: CombineContext,
): void {
  const { place, related } = pointAt(sentences, ({ text }) => `and here: ${text}`);
  findings.add(
    conflicts.twoReservations.at(
      place,
      { subject, first: formOf(first), second: formOf(second), ...shownIn(situation) },
      { related },
    ),
  );
}

const formOf = ({ form, by }: ReserveSentence): string =>
  `${formText(form)}${by === null ? '' : ` by ${by}`}`;
