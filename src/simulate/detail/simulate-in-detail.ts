import { formatInstant } from '../../compiler/calendar/zone.js';
import { coreList } from '../../compiler/facts.js';
import type { Plan } from '../../compiler/plan.js';
import { indexPlan, type PlanIndex } from '../../enforce/plan-index.js';
import type { SimulatedClass } from '../model/population.js';
import type { ChangeUse, CoreUse, DetailReport, Disagreement } from '../report/detail-report.js';
import { conditionsOf } from '../report/mode-record.js';
import { ControlRecord } from './control-record.js';
import { type MeasuredMoment, measureMoment } from './measure-moment.js';
import { notSimulated } from './not-simulated.js';
import { type RunChange, runChange } from './run-change.js';
import type { Stage } from './stage.js';
import type { Change, HeldMoment, Stretch } from './stretch.js';
import { agree, TOLERANCE } from './tolerance.js';
import { ViolationList } from './violation-list.js';

/** Events of the simulated kernel in all: what the detail may cost. */
const MOST_EVENTS = 1_000_000;

export interface DetailOptions {
  /** Told of the part that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
  /** Of the simulated kernel in all; a million unless given. */
  readonly mostEvents?: number;
}

/** Fewer show nothing of a stretch: beyond that many stretches the others are left out. */
const EVENTS_PER_STRETCH = 10_000;
/** What one stretch may take of what is left, in even parts of it. */
const PARTS = 4;
const FIRST = 20;
const SLACK = 1e-9;

/**
 * Runs parts of a replay again, on the simulated kernel and with the enforcer in charge, and reports what everybody got, what
 * was promised, and where the fluid model says something else.
 */
export async function simulateInDetail(
  plan: Plan,
  classes: readonly SimulatedClass[],
  stretches: readonly Stretch[],
  { onProgress = () => {}, mostEvents = MOST_EVENTS }: DetailOptions = {},
): Promise<DetailReport> {
  const detail = new Detail(plan, classes);
  const chosen = stretches.slice(0, Math.floor(mostEvents / EVENTS_PER_STRETCH));
  let done = 0;
  for (const stretch of chosen) {
    const left = mostEvents - detail.events;
    if (left < EVENTS_PER_STRETCH) break;
    const most = Math.min(left, (PARTS * left) / (chosen.length - done));
    if (stretch.kind === 'moment') await detail.hold(stretch, most);
    else await detail.change(stretch, most);
    done += 1;
    onProgress(done / chosen.length);
  }
  return detail.report(stretches.length - done);
}

class Detail {
  readonly #plan: Plan;
  readonly #index: PlanIndex;
  readonly #classes: readonly SimulatedClass[];
  readonly #violations = new ViolationList();
  readonly #controls: ControlRecord;
  readonly #changes: ChangeUse[] = [];
  readonly #cores: { peak: number; changePeak: number }[];
  readonly #disagreements: Disagreement[] = [];
  readonly #findings = new Set<string>();
  #moments = 0;
  #compared = 0;
  #simulatedNs = 0;
  #events = 0;

  constructor(plan: Plan, classes: readonly SimulatedClass[]) {
    this.#plan = plan;
    this.#index = indexPlan(plan);
    this.#classes = classes;
    this.#controls = new ControlRecord(this.#violations, this.#instant);
    this.#cores = coreList(plan.host).map(() => ({ peak: 0, changePeak: 0 }));
  }

  get events(): number {
    return this.#events;
  }

  async hold({ moment }: HeldMoment, mostEvents: number): Promise<void> {
    const measured = await measureMoment(this.#plan, this.#index, this.#classes, moment, mostEvents);
    this.#moments += 1;
    this.#note(measured.stage, measured.simulatedNs, moment.atMs, false);
    this.#controls.add(measured);
    if (measured.isWhole) this.#compare(measured);
  }

  async change(change: Change, mostEvents: number): Promise<void> {
    const ran = await runChange(this.#plan, this.#classes, change, mostEvents);
    const at = change.after[0]?.moment ?? change.before;
    const peak = this.#note(ran.stage, ran.simulatedNs, at.atMs, true);
    this.#judgeGap(ran);
    this.#changes.push({
      from: conditionsOf(this.#plan, change.before.mode.id),
      to: conditionsOf(this.#plan, at.mode.id),
      at: this.#instant(at.atMs),
      times: change.times,
      settledMs: ran.settledNs / 1e6,
      refused: ran.refused,
      peakCores: peak > 0 ? peak : null,
    });
  }

  report(leftOut: number): DetailReport {
    return {
      moments: this.#moments,
      changed: this.#changes.length,
      leftOut,
      seconds: this.#simulatedNs / 1e9,
      events: this.#events,
      controls: this.#controls.uses(),
      changes: this.#changes,
      cores: coreList(this.#plan.host).flatMap(({ id }, at): readonly CoreUse[] => {
        const { peak, changePeak } = this.#cores[at] ?? { peak: 0, changePeak: 0 };
        const limitCores = this.#plan.host.deadlineLimit;
        return peak > 0 ? [{ core: id, limitCores, peakCores: peak, changePeakCores: changePeak }] : [];
      }),
      violations: this.#violations.count,
      first: this.#violations.first,
      tolerance: TOLERANCE,
      compared: this.#compared,
      disagreements: this.#disagreements.slice(0, FIRST),
      disagreeing: this.#disagreements.length,
      findings: [...notSimulated(this.#plan), ...this.#findings],
    };
  }

  readonly #instant = (ms: number): string => formatInstant(this.#plan.host.timezone, Math.round(ms));

  /** What a stretch cost, how full cores were, what the enforcer said. Answers the highest peak of a core. */
  #note({ host, findings }: Stage, simulatedNs: number, atMs: number, isChange: boolean): number {
    this.#events += host.kernel.eventCount;
    this.#simulatedNs += simulatedNs;
    for (const finding of findings) this.#findings.add(finding);
    const { peaks } = host.kernel.coreLoad;
    const limit = this.#plan.host.deadlineLimit;
    peaks.forEach((peak, at) => {
      const core = this.#cores[at];
      if (core === undefined) return;
      core.peak = Math.max(core.peak, peak);
      if (isChange) core.changePeak = Math.max(core.changePeak, peak);
      if (peak <= limit + SLACK) return;
      const what = `bandwidth of core ${coreList(this.#plan.host)[at]?.id}`;
      const figures = { stated: limit, measured: peak, unit: 'cores' as const };
      this.#violations.add({ what, kind: 'bandwidth', at: this.#instant(atMs), ...figures });
    });
    return Math.max(0, ...peaks);
  }

  #judgeGap({ gap, wallMsOf }: RunChange): void {
    if (gap === null || gap.statedNs === null || gap.lengthNs <= gap.statedNs + 1000) return;
    this.#violations.add({
      what: `reservation of ${gap.class}, longest gap during a change that leaves it as it was`,
      kind: 'gap',
      at: this.#instant(wallMsOf(gap.fromNs)),
      stated: gap.statedNs / 1e6,
      measured: gap.lengthNs / 1e6,
      unit: 'ms',
    });
  }

  #compare({ moment, ownerCores, classCores }: MeasuredMoment): void {
    const { allocation, demand, mode, atMs } = moment;
    const pairs = [
      { class: 'owner', fluidCores: allocation.ownerCores, kernelCores: ownerCores },
      ...this.#classes.flatMap(({ name }, at) =>
        (demand.guests[at] ?? 0) > 0
          ? [{ class: name, fluidCores: allocation.delivered[at] ?? 0, kernelCores: classCores[at] ?? 0 }]
          : [],
      ),
    ];
    this.#compared += pairs.length;
    for (const pair of pairs) {
      if (agree(pair.fluidCores, pair.kernelCores)) continue;
      const conditions = conditionsOf(this.#plan, mode.id);
      this.#disagreements.push({ ...pair, at: this.#instant(atMs), conditions });
    }
  }
}
