import type { ControlUse } from '../report/detail-report.js';
import type { MeasuredMoment } from './measure-moment.js';
import { type Gap, type MeasuredControl, worstGap } from './measured-control.js';
import { isKept } from './tolerance.js';
import type { ViolationList } from './violation-list.js';

/** A float's rounding, and the kernel's nanosecond. */
const GAP_SLACK_NS = 1000;

interface Sums {
  readonly head: Pick<ControlUse, 'class' | 'mechanism' | 'scope' | 'unit' | 'bound'>;
  moments: number;
  /** Times ns. */
  measuredNs: number;
  promised: number;
  hasPromise: boolean;
  delivered: number;
  fluid: number | null;
  gap: Gap | null;
  violations: number;
}

/** Every mechanism on every class, over all moments that were held. */
export class ControlRecord {
  readonly #sums = new Map<string, Sums>();
  readonly #violations: ViolationList;
  readonly #instant: (ms: number) => string;

  /** `instant` writes an instant of wall-clock time, ms. */
  constructor(violations: ViolationList, instant: (ms: number) => string) {
    this.#violations = violations;
    this.#instant = instant;
  }

  add(measured: MeasuredMoment): void {
    for (const control of measured.controls) this.#add(control, measured);
  }

  uses(): readonly ControlUse[] {
    return [...this.#sums.values()].map((one) => ({
      ...one.head,
      moments: one.moments,
      promised: one.hasPromise ? one.promised / one.measuredNs : null,
      delivered: one.delivered / one.measuredNs,
      fluid: one.fluid === null ? null : one.fluid / one.measuredNs,
      longestGapMs: (one.gap?.lengthNs ?? 0) / 1e6,
      statedGapMs: one.gap === null || one.gap.statedNs === null ? null : one.gap.statedNs / 1e6,
      violations: one.violations,
    }));
  }

  #add(control: MeasuredControl, measured: MeasuredMoment): void {
    const sums = this.#sumsOf(control);
    const ns = measured.measuredNs;
    sums.moments += 1;
    sums.measuredNs += ns;
    sums.promised += (control.promised ?? 0) * ns;
    sums.hasPromise ||= control.promised !== null;
    sums.delivered += control.delivered * ns;
    sums.fluid = control.fluid === null ? null : (sums.fluid ?? 0) + control.fluid * ns;
    sums.gap = worstGap([sums.gap, control.gap]);
    sums.violations += this.#judgeRate(control, measured) + this.#judgeGap(control, measured);
  }

  #sumsOf({ setting, unit, bound }: MeasuredControl): Sums {
    const { class: name, mechanism, scope } = setting;
    const key = `${name} ${setting.subject} ${mechanism} ${scope}`;
    const known = this.#sums.get(key);
    if (known) return known;
    const sums: Sums = {
      head: { class: name, mechanism, scope, unit, bound },
      moments: 0,
      measuredNs: 0,
      promised: 0,
      hasPromise: false,
      delivered: 0,
      fluid: 0,
      gap: null,
      violations: 0,
    };
    this.#sums.set(key, sums);
    return sums;
  }

  /** Answers the number of violations. */
  #judgeRate(control: MeasuredControl, { isWhole, moment }: MeasuredMoment): number {
    const { setting, bound, unit, promised, delivered, edge } = control;
    if (!isWhole || promised === null || isKept(bound, unit, promised, delivered, edge)) return 0;
    this.#violations.add({
      what: `${setting.mechanism} of ${setting.class}, ${bound}`,
      kind: 'rate',
      at: this.#instant(moment.atMs),
      stated: promised,
      measured: delivered,
      unit,
    });
    return 1;
  }

  #judgeGap({ setting, gap }: MeasuredControl, { wallMsOf }: MeasuredMoment): number {
    if (gap === null || gap.statedNs === null || gap.lengthNs <= gap.statedNs + GAP_SLACK_NS) return 0;
    this.#violations.add({
      what: `${setting.mechanism} of ${setting.class}, longest gap`,
      kind: 'gap',
      at: this.#instant(wallMsOf(gap.fromNs)),
      stated: gap.statedNs / 1e6,
      measured: gap.lengthNs / 1e6,
      unit: 'ms',
    });
    return 1;
  }
}
