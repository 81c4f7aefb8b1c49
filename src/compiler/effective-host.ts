import type { HostDeclaration } from '../lang/model.js';
import { type Rational, rational } from '../support/rational.js';
import { exactDecimal } from './exact.js';
import { type CoreFacts, coreList, type HostFacts, type HostMechanism } from './facts.js';
import { USUAL_CONTEXT_SWITCHES_NS } from './reservations/server-terms.js';

/** Range of cgroup weights, and the weight of one thread or slice that nobody has set. */
export interface WeightScale {
  readonly least: number;
  readonly most: number;
  readonly standard: number;
}

/** The host that verdicts are made against: the facts, narrowed or replaced by the policy's `host { … }`. */
export interface EffectiveHost {
  /** Goes into the plan. */
  readonly facts: HostFacts;
  readonly coreIds: readonly number[];
  /** The same cores with what is known of each. */
  readonly cores: readonly CoreFacts[];
  readonly coreCount: number;
  /** Utilisation that SCHED_DEADLINE admits on one core. */
  readonly deadlineLimit: Rational;
  /** What context switches cost a server in each of its periods. */
  readonly contextSwitchesNs: bigint;
  readonly tickNs: bigint;
  readonly mechanisms: ReadonlySet<HostMechanism>;
  readonly weights: WeightScale;
  /** What stands for weights: those of cgroups, or nice values of the guests' sessions; null: nothing does. */
  readonly weightsBy: 'cgroup' | 'nice' | null;
  /** Guests can be put into cgroups of ours, so that what is set on several of them together means something. */
  readonly gathers: boolean;
  /** Guests' threads may run at real-time priority: a timetable can stand in for reservations. */
  readonly elevates: boolean;
}

const V1: WeightScale = { least: 2, most: 262_144, standard: 1024 };
const V2: WeightScale = { least: 1, most: 10_000, standard: 100 };

/** Merges host facts with what the policy says about its host; pure. */
export function effectiveHost(facts: HostFacts, declared: HostDeclaration): EffectiveHost {
  const known = coreList(facts);
  const cores =
    declared.cores === null
      ? known
      : [...known, ...coresBeyond(known, declared.cores)].slice(0, declared.cores);
  const mechanisms = usable(facts).filter(
    (name) => declared.mechanisms === null || name === 'placement' || declared.mechanisms.includes(name),
  );
  return {
    facts: {
      cores: typeof facts.cores === 'number' ? cores.length : cores,
      memoryBytes: declared.memoryBytes === null ? facts.memoryBytes : Number(declared.memoryBytes),
      timezone: declared.timezone ?? facts.timezone,
      tickNs: facts.tickNs,
      hrtickDeadline: facts.hrtickDeadline,
      deadlineLimit: facts.deadlineLimit,
      ...(facts.contextSwitchesNs === undefined ? {} : { contextSwitchesNs: facts.contextSwitchesNs }),
      ...(facts.realtimePriority === undefined ? {} : { realtimePriority: facts.realtimePriority }),
      ...(facts.nice === undefined ? {} : { nice: facts.nice }),
      cgroup: {
        version: facts.cgroup.version,
        cpuset: facts.cgroup.cpuset,
        freezer: facts.cgroup.freezer,
        gather: facts.cgroup.gather,
        ownerAs: facts.cgroup.ownerAs,
      },
      mechanisms,
      sensors: facts.sensors,
    },
    coreIds: cores.map((core) => core.id),
    cores,
    coreCount: cores.length,
    deadlineLimit: exactDecimal(facts.deadlineLimit),
    contextSwitchesNs: BigInt(facts.contextSwitchesNs ?? USUAL_CONTEXT_SWITCHES_NS),
    tickNs: BigInt(facts.tickNs),
    mechanisms: new Set(mechanisms),
    weights: facts.cgroup.version === 1 ? V1 : V2,
    weightsBy: gathers(facts) ? 'cgroup' : facts.nice ? 'nice' : null,
    gathers: gathers(facts),
    elevates: (facts.realtimePriority ?? 0) > 0,
  };
}

/** Cores that the policy speaks of and the machine lacks: with ids that none of its own has. */
function coresBeyond(known: readonly CoreFacts[], count: number): readonly CoreFacts[] {
  const first = Math.max(...known.map(({ id }) => id)) + 1;
  return Array.from({ length: Math.max(count - known.length, 0) }, (_, index) => ({
    id: first + index,
    sibling: first + index,
    capacity: 1024,
  }));
}

const gathers = ({ cgroup }: HostFacts): boolean => cgroup.version > 0 && cgroup.gather;

/** A mechanism whose means the other facts deny is not there, whatever the list says. */
function usable(facts: HostFacts): readonly HostMechanism[] {
  const { mechanisms, cgroup, deadlineLimit, nice } = facts;
  const means: { readonly [M in HostMechanism]: boolean } = {
    reservation: deadlineLimit > 0,
    share: gathers(facts) || nice !== undefined,
    // Guests that stay where they are have a cgroup each.
    quota: cgroup.version > 0,
    duty: true,
    freezer: cgroup.freezer,
    placement: true,
  };
  return mechanisms.filter((name) => means[name]);
}

export const wholeHost = (host: EffectiveHost): Rational => rational(BigInt(host.coreCount));
