import type { GuestClass, GuestTask } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { compare, rational } from '../../support/rational.js';
import { feasibility } from '../catalogue.js';
import { cycleText } from '../demand-text.js';
import type { CombineContext, SentenceOf } from '../demands/combine-context.js';
import type { EffectiveHost } from '../effective-host.js';
import { sum } from '../exact.js';
import { pointAt } from '../findings.js';
import { hasInterface, type RefusedInterface } from '../interface/index.js';
import { type Change, changedDeclaration } from '../relaxation/change.js';
import { decimal, joinWords } from '../render/render-text.js';
import { needsOf, type Reservation, searchTerms } from './reservation-form.js';

type ReserveSentence = SentenceOf<'reserve'>;

/** A guest's reservation for which there are no servers. */
export interface RefusedReservation {
  readonly subject: string;
  readonly sentences: readonly ReserveSentence[];
  readonly refused: RefusedInterface;
  readonly reservation: Reservation;
  readonly declared: GuestClass;
}

/** More tasks of one guest are not analysed: it would take seconds. */
export const MOST_TASKS = 256;
/** Changes of a task are looked for only among so few: each takes some dozens of analyses. */
const MOST_TASKS_FOR_CHANGES = 24;

/** Reports that no servers give a guest what its sentences ask for, with the arithmetic. */
export function reportRefusal(
  refusal: RefusedReservation,
  { host, findings, isTrial, refusedReservations }: CombineContext,
): void {
  const { subject, sentences, refused, declared } = refusal;
  const { place, related } = pointAt(sentences, ({ text }) => `and this: ${text}`);
  const declaration = { message: `${subject} is declared here`, ...declared.place };
  const why = isTrial ? '' : whyRefused(refusal, host);
  findings.add(
    feasibility.noInterface.at(
      place,
      { subject, why },
      { related: [...related, ...(refused.tasks.length > 0 ? [declaration] : [])] },
    ),
  );
  refusedReservations?.push(refusal);
}

/** The fewest vCPUs with which a guest's reservation is possible, as a change of its declaration; none where there are none. */
export function vcpuChanges(
  { reservation, declared }: RefusedReservation,
  host: EffectiveHost,
): readonly Change[] {
  const { vcpus, writtenVcpus, name } = declared;
  const needs = needsOf(reservation, declared);
  const { length } = needs.tasks;
  const terms = searchTerms(host, reservation);
  if (length > MOST_TASKS_FOR_CHANGES) return [];
  for (let count = vcpus + 1; count <= length; count++) {
    if (!hasInterface(needs, count, terms)) continue;
    const as = (one: GuestClass) => ({ ...one, vcpus: count });
    return [changedDeclaration(`vcpus ${count}`, writtenVcpus, `${count}`, { of: name, as })];
  }
  return [];
}

/** Reports that a guest has more tasks than are analysed. */
export function reportTooManyTasks(
  subject: string,
  sentences: readonly ReserveSentence[],
  declared: GuestClass,
  { findings }: CombineContext,
): void {
  const why = `it declares ${declared.tasks.length} tasks, and at most ${MOST_TASKS} can be analysed`;
  const { place, related } = pointAt(sentences, ({ text }) => `and this: ${text}`);
  findings.add(feasibility.noInterface.at(place, { subject, why }, { related }));
}

const OF_SERVERS = {
  one: 'a server',
  own: 'the server of a vCPU',
  best: 'the best server',
  are: 'is',
  suffices: 'suffices',
  included: ' (context switches included)',
};
/** Of a guest that runs at real-time priority by a timetable. */
const OF_TIMES = {
  one: 'times',
  own: 'its times',
  best: 'the best times',
  are: 'are',
  suffices: 'suffice',
  included: '',
};

/** Ends the sentence "… cannot be reserved what it asks for: ". */
function whyRefused({ refused, reservation, declared }: RefusedReservation, host: EffectiveHost): string {
  const { tasks, miss, proof } = refused;
  const { tickNs, mostRate } = searchTerms(host, reservation);
  const words = reservation.gang ? OF_TIMES : OF_SERVERS;
  const limit = `${decimal(`${mostRate.num}/${mostRate.den}`)} of a core${words.included}`;
  const ticks =
    tickNs === 0
      ? ''
      : ` (budgets are enforced at ticks of ${formatDuration(tickNs)}, and a server may have run ahead)`;
  if (miss === null && tasks.length === 0)
    return `${words.one} may take at most ${limit}: too little for any`;
  if (miss === null) {
    const sure = proof ? 'cannot' : 'could not';
    return `its tasks need ${rateText(tasks)} in all, and ${sure} be divided among ${declared.vcpus} vCPUs such that ${words.one} of at most ${limit} ${words.suffices} for each${ticks}`;
  }
  const { point } = miss;
  if (point === null) {
    return `${names(tasks)} take ${rateText(tasks)} in the long run, and ${words.own} at most ${limit}${ticks}`;
  }
  const { windows } = needsOf(reservation, declared);
  const asked =
    tasks.length === 0
      ? `${formatDuration(point.demandNs)} is asked for in any ${formatDuration(point.windowNs)}`
      : `${formatDuration(point.windowNs)} can hold ${formatDuration(point.demandNs)} of ${names(tasks)}${windows.length > 0 ? ' or of a window' : ''} on one vCPU`;
  const cycle = cycleText(BigInt(miss.server.budgetNs), BigInt(miss.server.periodNs));
  return `${asked}, and ${words.best} of at most ${limit}, ${cycle}, ${words.are} sure to supply ${formatDuration(point.supplyNs)} in that time${ticks}`;
}

const names = (tasks: readonly GuestTask[]): string =>
  `${tasks.length === 1 ? 'task' : 'tasks'} ${joinWords(tasks.map(({ name }) => name))}`;

function rateText(tasks: readonly GuestTask[]): string {
  const rate = sum(tasks.map(({ costNs, periodNs }) => rational(costNs, periodNs)));
  return `${decimal(`${rate.num}/${rate.den}`)} ${compare(rate, rational(1n)) === 0 ? 'core' : 'cores'}`;
}
