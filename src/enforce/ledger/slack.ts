import type { PromiseSample } from './promise-samples.js';

/** What a promise may be missed by: this time, and this part of what is promised. */
export interface Slack {
  readonly slackNs: number;
  readonly slackRatio: number;
}

/** At the edges of an interval a guest may be in the middle of things. */
const EDGE_NS = 10_000_000;
/** A pause takes as long as a step does. */
const PAUSE_NS = 1_000_000_000;
/** A reservation is delivered within 1% of it; a quota, which the kernel hands out by the slice, within 5%; shares within 10%. */
const PARTS = { reservation: 0.01, quota: 0.05, guarantee: 0.05, share: 0.1 } as const;
/** A duty cycle's allowed time is within one point. */
const DUTY_POINT = 0.01;

/** As promised in SPECIFICATION.md. Of whatever has a period one budget more is at the edges. */
export function slackOf({ setting, unit }: Pick<PromiseSample, 'setting' | 'unit'>): Slack {
  switch (setting.mechanism) {
    case 'reservation': {
      const budgets = setting.vcpus?.map(({ budgetNs }) => budgetNs) ?? [setting.budgetNs];
      return { slackNs: Math.max(EDGE_NS, ...budgets), slackRatio: PARTS.reservation };
    }
    case 'duty':
    case 'freezer':
      return dutySlack(setting.runNs, setting.periodNs);
    case 'share':
      return { slackNs: EDGE_NS, slackRatio: unit === 'cores' ? PARTS.guarantee : PARTS.share };
    default:
      return { slackNs: EDGE_NS, slackRatio: PARTS.quota };
  }
}

const dutySlack = (runNs: number, periodNs: number): Slack =>
  runNs === 0
    ? { slackNs: PAUSE_NS, slackRatio: 0 }
    : { slackNs: runNs, slackRatio: Number(((DUTY_POINT * periodNs) / runNs).toPrecision(6)) };

/** By how much a promise is missed: short of it, or, where it is a limit, beyond it. Positive: short. */
export function missOf(bound: PromiseSample['bound'], promisedNs: number, deliveredNs: number): number {
  const shortNs = promisedNs - deliveredNs;
  switch (bound) {
    case 'at-least':
      return Math.max(0, shortNs);
    case 'at-most':
      return Math.min(0, shortNs);
    case 'exactly':
      return shortNs;
  }
}
