import type { Plan } from '../../compiler/plan.js';
import { OTHERS } from '../../enforce/plan-index.js';

/** A class of guests in a replay; guests of one class are all alike. */
export interface SimulatedClass {
  /** As in the plan; `others`: those that no class takes. */
  readonly name: string;
  /** As the enforcer asks for it: null for others. */
  readonly plan: string | null;
  readonly mostGuests: number;
  readonly vcpus: number;
  /** Guests that exist where the trace says nothing: every declared one, but none of an offer and no others. */
  readonly usualGuests: number;
}

/** The classes of a plan, in its order, then others: guests of unknown size, with as many vCPUs as the host has cores. */
export function classesOf(plan: Plan, coreCount: number): readonly SimulatedClass[] {
  const declared = plan.classes.map(({ name, maxGuests, vcpus, match }) => ({
    name,
    plan: name,
    mostGuests: maxGuests,
    vcpus,
    usualGuests: match.length === 0 ? 0 : maxGuests,
  }));
  const others = {
    name: OTHERS,
    plan: null,
    mostGuests: Number.POSITIVE_INFINITY,
    vcpus: coreCount,
    usualGuests: 0,
  };
  return [...declared, others];
}

/** What everybody wants of the CPU at one instant. */
export interface Demand {
  /** Cores; never more than the host has. */
  readonly ownerCores: number;
  /** By class: guests that exist, and what each of them wants, in cores, at most its vCPUs. */
  readonly guests: readonly number[];
  readonly eachCores: readonly number[];
}
