import type { Plan, Schedule, Setting } from '../../compiler/plan.js';
import { isDuty, type PlanIndex } from '../../enforce/plan-index.js';
import type { FairGroup } from '../../enforce/simulated/fair-group.js';
import type { Longest } from '../../enforce/simulated/longest.js';
import type { SimulatedGuest } from '../../enforce/simulated/simulated-guest.js';
import type { SimulatedClass } from '../model/population.js';
import type { RatePromise } from '../model/rate-promise.js';
import { durationsOf } from './durations.js';
import { type Gap, type MeasuredControl, worstGap } from './measured-control.js';
import type { Moment } from './moment.js';
import { type Snapshot, snapshotOf } from './snapshot.js';
import { Stage } from './stage.js';
import { statedGapNs } from './stated-gap.js';

/** A moment as it was on the simulated kernel. */
export interface MeasuredMoment {
  readonly moment: Moment;
  readonly stage: Stage;
  /** Simulated in all, and measured of it. */
  readonly simulatedNs: number;
  readonly measuredNs: number;
  /** So long that means mean something. */
  readonly isWhole: boolean;
  readonly controls: readonly MeasuredControl[];
  /** Cores. */
  readonly ownerCores: number;
  readonly classCores: readonly number[];
  /** The wall-clock time of an instant of the stage. */
  readonly wallMsOf: (stageNs: number) => number;
}

/** Holds a moment for a while: until all is in force, and then until enough is seen of it, or the events are used up. */
export async function measureMoment(
  plan: Plan,
  index: PlanIndex,
  classes: readonly SimulatedClass[],
  moment: Moment,
  mostEvents: number,
): Promise<MeasuredMoment> {
  const { warmUpNs, measuredNs, isWhole } = durationsOf(moment.mode.schedule);
  const startMs = moment.atMs - warmUpNs / 1e6;
  const stage = new Stage(plan, classes, startMs);
  await stage.start(moment);
  const { kernel } = stage.host;
  await stage.run(warmUpNs, mostEvents);
  const from = snapshotOf(stage, classes.length);
  for (const one of watchedIn(stage, classes.length)) one.restart(kernel.nowNs);
  await stage.run(measuredNs, mostEvents - kernel.eventCount);
  const to = snapshotOf(stage, classes.length);
  const elapsedNs = to.atNs - from.atNs;
  const classCores = to.classNs.map((ns, at) => (ns - (from.classNs[at] ?? 0)) / elapsedNs);
  const ownerCores = (to.ownerNs - from.ownerNs) / elapsedNs;
  const measure = new MomentMeasure(index, classes, moment, stage, { ownerCores, classCores, from, to });
  return {
    moment,
    stage,
    simulatedNs: to.atNs,
    measuredNs: elapsedNs,
    isWhole: isWhole && elapsedNs === measuredNs,
    controls: measure.controls(),
    ownerCores,
    classCores,
    wallMsOf: (stageNs) => startMs + stageNs / 1e6,
  };
}

function watchedIn(stage: Stage, classes: number): readonly Longest[] {
  const guests = Array.from({ length: classes }, (_, at) => stage.guestsOf(at)).flat();
  const groups = guests.flatMap(({ tasks }) => tasks.flatMap(({ group }) => withParents(group)));
  return [
    ...guests.flatMap(({ tasks }) => tasks.flatMap(({ starved, held }) => [starved, held])),
    ...[...new Set(groups)].map(({ throttled }) => throttled),
  ];
}

const withParents = (group: FairGroup): readonly FairGroup[] =>
  group.parent === null ? [group] : [group, ...withParents(group.parent)];

interface Measured {
  readonly ownerCores: number;
  readonly classCores: readonly number[];
  readonly from: Snapshot;
  readonly to: Snapshot;
}

/** The controls of a schedule over one moment. */
class MomentMeasure {
  readonly #index: PlanIndex;
  readonly #classes: readonly SimulatedClass[];
  readonly #moment: Moment;
  readonly #stage: Stage;
  readonly #measured: Measured;

  constructor(
    index: PlanIndex,
    classes: readonly SimulatedClass[],
    moment: Moment,
    stage: Stage,
    measured: Measured,
  ) {
    this.#index = index;
    this.#classes = classes;
    this.#moment = moment;
    this.#stage = stage;
    this.#measured = measured;
  }

  /** Of settings on guests that exist, or the owner. */
  controls(): readonly MeasuredControl[] {
    return this.#schedule.settings.flatMap((setting) => {
      const inside = this.#classes.flatMap((one, at) =>
        this.#index.appliesTo(setting, one.plan) && (this.#moment.demand.guests[at] ?? 0) > 0 ? [at] : [],
      );
      if (inside.length === 0 && setting.subject !== 'owner') return [];
      // A guest that is to power down is let run for that, whatever its duty cycle says.
      const bound = isDuty(setting) ? inside.filter((at) => !this.#isStopping(at)) : inside;
      if (isDuty(setting) && bound.length === 0) return [];
      const control = this.#control(setting, bound);
      return control ? [control] : [];
    });
  }

  get #schedule(): Schedule {
    return this.#moment.mode.schedule;
  }

  #control(setting: Setting, inside: readonly number[]): MeasuredControl | null {
    if (isDuty(setting)) return this.#duty(setting, inside);
    switch (setting.mechanism) {
      case 'reservation': {
        const promised = this.#promised('reservation', (subject) =>
          inside.some((at) => this.#classes[at]?.name === subject),
        );
        const gaps = inside.flatMap((at) => this.#guests(at).flatMap((guest) => this.#serverGaps(guest, at)));
        const edge = this.#budgetsNs(inside) / (this.#measured.to.atNs - this.#measured.from.atNs);
        return { setting, edge, ...this.#cores(inside), bound: 'at least', promised, gap: worstGap(gaps) };
      }
      case 'share':
        return this.#share(setting, inside);
      case 'quota': {
        const sharing = inside.filter((at) => !this.#isReserved(at));
        if (sharing.length === 0) return null;
        return { setting, edge: 0, ...this.#cores(sharing), ...this.#ceiling(setting, sharing) };
      }
      default:
        return null;
    }
  }

  #share(setting: Extract<Setting, { mechanism: 'share' }>, inside: readonly number[]): MeasuredControl {
    const kind = setting.scope === 'each' ? 'floor each' : 'floor';
    if (setting.subject === 'owner') {
      const rates = {
        unit: 'cores' as const,
        delivered: this.#measured.ownerCores,
        fluid: this.#moment.allocation.ownerCores,
      };
      const promised = this.#promised('kept', () => true);
      return { setting, edge: 0, ...rates, bound: 'at least', promised, gap: null };
    }
    const sharing = inside.filter((at) => !this.#isReserved(at));
    const promised =
      setting.floorCores === null ? null : this.#promised(kind, (one) => one === setting.class);
    const gaps = sharing.flatMap((at) =>
      this.#guests(at).flatMap(({ vcpus }) => vcpus.map((task) => this.#gap(task.starved, null))),
    );
    return { setting, edge: 0, ...this.#cores(inside), bound: 'at least', promised, gap: worstGap(gaps) };
  }

  #ceiling(
    setting: Extract<Setting, { mechanism: 'quota' }>,
    sharing: readonly number[],
  ): Pick<MeasuredControl, 'bound' | 'promised' | 'gap'> {
    const { guests } = this.#moment.demand;
    const groups =
      setting.scope === 'sum'
        ? [this.#index.subjectPath(setting)]
        : sharing.flatMap((at) => this.#guests(at).map(({ group }) => group));
    const gaps = groups.map((path) => {
      const group = path === null ? null : this.#stage.host.groupAt(path);
      return group === null ? null : this.#gap(group.throttled, setting.fidelity.worstGapNs);
    });
    const ceiling = this.#ceilingNow(setting);
    const members = sharing.reduce((sum, at) => sum + (guests[at] ?? 0), 0);
    return {
      bound: 'at most',
      promised: setting.scope === 'sum' ? ceiling : ceiling * members,
      gap: worstGap(gaps),
    };
  }

  /** As the enforcer has it: an elastic one where its signal is. */
  #ceilingNow(setting: Extract<Setting, { mechanism: 'quota' }>): number {
    const at = this.#moment.model.quotas.indexOf(setting);
    return this.#moment.ceilings[at] ?? setting.ceilingCores;
  }

  #duty(
    setting: Extract<Setting, { mechanism: 'duty' | 'freezer' }>,
    inside: readonly number[],
  ): MeasuredControl | null {
    const { from, to } = this.#measured;
    const sum = (of: 'allowedNs' | 'stoppedNs') =>
      inside.reduce((total, at) => total + (to[of][at] ?? 0) - (from[of][at] ?? 0), 0);
    const [allowed, stopped] = [sum('allowedNs'), sum('stoppedNs')];
    const stated = setting.runNs === 0 ? null : setting.fidelity.worstGapNs;
    const gaps = inside.flatMap((at) =>
      this.#guests(at).flatMap(({ vcpus }) => vcpus.map((task) => this.#gap(task.held, stated))),
    );
    return {
      setting,
      edge: 0,
      unit: 'fraction',
      bound: 'exactly',
      promised: setting.runNs / setting.periodNs,
      delivered: allowed + stopped === 0 ? 1 : allowed / (allowed + stopped),
      fluid: null,
      gap: worstGap(gaps),
    };
  }

  #serverGaps(guest: SimulatedGuest, at: number): readonly (Gap | null)[] {
    const name = this.#classes[at]?.plan ?? '';
    return guest.vcpus.map((task, vcpu) => {
      const stated = statedGapNs(this.#schedule, name, `vcpu ${vcpu}`);
      return stated === null ? null : this.#gap(task.starved, stated);
    });
  }

  #gap(longest: Longest, statedNs: number | null): Gap | null {
    const gap = longest.at(this.#measured.to.atNs);
    return gap === null ? null : { ...gap, statedNs };
  }

  #cores(inside: readonly number[]): Pick<MeasuredControl, 'unit' | 'delivered' | 'fluid'> {
    const sum = (of: readonly number[]) => inside.reduce((total, at) => total + (of[at] ?? 0), 0);
    return {
      unit: 'cores',
      delivered: sum(this.#measured.classCores),
      fluid: sum(this.#moment.allocation.delivered),
    };
  }

  #promised(kind: RatePromise['kind'], isOne: (subject: string) => boolean): number {
    const { model, allocation } = this.#moment;
    return model.promises.reduce(
      (sum, one, at) =>
        one.kind === kind && isOne(one.subject) ? sum + (allocation.promises[at]?.promised ?? 0) : sum,
      0,
    );
  }

  /** Of one period of each server. */
  #budgetsNs(inside: readonly number[]): number {
    const names = inside.map((at) => this.#classes[at]?.plan);
    return this.#schedule.servers.reduce(
      (sum, one) => sum + (names.includes(one.class) && one.thread !== 'main' ? one.budgetNs : 0),
      0,
    );
  }

  #isStopping(at: number): boolean {
    const name = this.#classes[at]?.plan ?? null;
    return this.#schedule.settings.some(
      (setting) => setting.mechanism === 'stop' && this.#index.appliesTo(setting, name),
    );
  }

  #isReserved(at: number): boolean {
    const name = this.#classes[at]?.plan;
    return this.#schedule.servers.some((one) => one.class === name);
  }

  #guests(at: number): readonly SimulatedGuest[] {
    return this.#stage.guestsOf(at);
  }
}
