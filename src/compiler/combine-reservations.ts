import { conflicts, feasibility } from './catalogue.js';
import { type CombineContext, reportUncounted, type SentenceOf } from './combine-context.js';
import { serversText, shownIn } from './demand-text.js';
import type { ReservationDemand } from './demands.js';
import { pointAt } from './findings.js';
import { countedClasses } from './population.js';
import { reservationOf } from './reservation-form.js';
import type { Situation } from './situation.js';
import { subjectKey } from './subject-key.js';

/** With equal periods the larger budgets count; anything else is two different reservations. */
export function addReservation(
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
