import type { GuestClass, ReservationForm } from '../lang/model.js';
import { invariant } from '../support/invariant.js';
import { type Rational, rational } from '../support/rational.js';
import type { EffectiveHost } from './effective-host.js';
import { sum } from './exact.js';

/** The reservation of one vCPU: `budgetNs` of CPU in every `periodNs`. */
export interface VcpuServer {
  readonly budgetNs: bigint;
  readonly periodNs: bigint;
}

export type ReservationResult =
  | {
      readonly ok: true;
      /** One for each vCPU of the class. */
      readonly vcpus: readonly VcpuServer[];
    }
  /** `why` ends the sentence "… cannot be reserved what it asks for: ". */
  | { readonly ok: false; readonly why: string };

/** The servers on a guest's vCPUs that keep what a reservation asks for. Pure. */
export function reservationOf(
  form: ReservationForm,
  guestClass: GuestClass,
  _host: EffectiveHost,
): ReservationResult {
  switch (form.kind) {
    case 'every': {
      const { budgetNs, periodNs } = form;
      return { ok: true, vcpus: Array.from({ length: guestClass.vcpus }, () => ({ budgetNs, periodNs })) };
    }
    case 'in-any':
    case 'tasks':
      return { ok: false, why: 'this version derives no interface from windows or tasks' };
  }
}

export const isUniform = ([first, ...others]: readonly VcpuServer[]): boolean =>
  others.every((one) => one.budgetNs === first?.budgetNs && one.periodNs === first.periodNs);

/** Cores that the servers of one guest come to, context switches aside. */
export const rateOf = ({ vcpus }: { readonly vcpus: readonly VcpuServer[] }): Rational =>
  sum(vcpus.map(({ budgetNs, periodNs }) => rational(budgetNs, periodNs)));

/** The server with the largest rate; of equal ones the first. */
export function largestOf(vcpus: readonly VcpuServer[]): VcpuServer {
  const [first] = vcpus;
  invariant(first, 'a guest has a vCPU');
  return vcpus.reduce(
    (most, one) => (one.budgetNs * most.periodNs > most.budgetNs * one.periodNs ? one : most),
    first,
  );
}
