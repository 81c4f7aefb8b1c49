import type { ReservationForm, Subject } from '../../lang/model.js';
import { cycleText } from '../demand-text.js';
import type { ReservationDemand } from '../demands/demands.js';
import { subjectKey } from '../subject-key.js';
import type { Circumstances } from './circumstances.js';
import { dutyReasons } from './guest-bound.js';
import { type Reason, reasonOf } from './reason.js';

/** How something stands with a class, and what makes it so. */
export interface ClassState<S> {
  readonly class: string;
  /** Null: it is not so. */
  readonly state: S | null;
  readonly reasons: readonly Reason[];
}

/** Running for `runNs` in every `periodNs`; 0: paused. */
export interface Cycle {
  readonly runNs: bigint;
  readonly periodNs: bigint;
}

/** Classes of a subject that have guests; all of them where none has. */
export function classesOf(subject: Subject, { population }: Circumstances): readonly string[] {
  const members = population.membersOf(subjectKey(subject));
  const present = members.filter((key) => population.classes.get(key)?.maxGuests !== 0);
  return present.length > 0 ? present : members;
}

/** The duty cycle that each class is held to. */
export function cycles(subject: Subject, circumstances: Circumstances): readonly ClassState<Cycle>[] {
  return classesOf(subject, circumstances).map((key) => {
    const duty = circumstances.demands.duties.get(key);
    return { class: key, state: duty ?? null, reasons: duty ? dutyReasons(duty) : [] };
  });
}

/** Whether each class runs only when nothing else wants the CPU. */
export function yields(subject: Subject, circumstances: Circumstances): readonly ClassState<true>[] {
  return classesOf(subject, circumstances).map((key) => {
    const sentences = circumstances.demands.yields.get(key) ?? [];
    const reasons = sentences.map((sentence) => reasonOf(sentence, 'makes it yield'));
    return { class: key, state: reasons.length > 0 ? true : null, reasons };
  });
}

/** What a class is reserved: as it was asked for, and the servers that this comes to on a guest's vCPUs. */
export interface Reserved {
  readonly forms: readonly ReservationForm[];
  readonly vcpus: ReservationDemand['vcpus'];
}

export function reservations(
  subject: Subject,
  circumstances: Circumstances,
): readonly ClassState<Reserved>[] {
  return classesOf(subject, circumstances).map((key) => {
    const reservation = circumstances.demands.reservations.get(key);
    if (!reservation) return { class: key, state: null, reasons: [] };
    const { sentences, vcpus } = reservation;
    const forms = sentences.flatMap((sentence) => (sentence.kind === 'reserve' ? [sentence.form] : []));
    const role = `reserves ${reservedText(vcpus)}`;
    return {
      class: key,
      state: { forms, vcpus },
      reasons: sentences.map((sentence) => reasonOf(sentence, role)),
    };
  });
}

/** "20ms every 100ms on each vCPU". */
export function reservedText(vcpus: ReservationDemand['vcpus']): string {
  const distinct = [...new Set(vcpus.map(({ budgetNs, periodNs }) => cycleText(budgetNs, periodNs)))];
  const each = distinct.length === 1 && vcpus.length > 1 ? ' on each vCPU' : '';
  return `${distinct.join(', ')}${each}`;
}
