import type { Schedule, SettingOf } from '../../compiler/plan.js';
import type { ControlSample } from '../account/sample.js';
import type { Interval, Usage } from '../account/usage.js';
import type { ClassifiedGuest } from '../classify.js';
import { isDuty, type PlanIndex } from '../plan-index.js';
import type { MissCause } from './miss-cause.js';

/** The ledger keeps promises of CPU. */
export type CpuUnit = Extract<ControlSample['unit'], 'cores' | 'fraction'>;

/** What a promise came to in one interval, and what is known of why it was missed, if it was. */
export interface PromiseSample extends Omit<ControlSample, 'guest' | 'unit'> {
  readonly unit: CpuUnit;
  /** Null: about the sum of its subject. */
  readonly guest: string | null;
  /** The guests that it is about. */
  readonly about: readonly ClassifiedGuest[];
  /** So much of what was promised they did not want. */
  readonly idleNs: number;
  /** Null: to be found out, where it was missed. */
  readonly cause: MissCause | null;
}

/** Without waiting times: a guest that used less than this part of what it was promised is taken to have been idle. */
const IDLE = 0.1;

/**
 * Every promise of a schedule over one interval: what was measured of it (`samples`), guarantees, and reservations that
 * could not be used, which are measured nowhere else. A sum is one promise, however many guests are in it. Pure.
 */
export function promiseSamples(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  interval: Interval,
  samples: readonly ControlSample[],
): readonly PromiseSample[] {
  if (interval.elapsedNs <= 0) return [];
  const present = classified.filter(({ guest }) => interval.usage.has(guest.key));
  return [
    ...measured(index, present, interval, samples),
    ...schedule.settings.flatMap((setting) => {
      if (setting.mechanism === 'share') return guarantee(index, setting, present, interval);
      return setting.mechanism === 'reservation' ? unusable(index, schedule, setting, present, interval) : [];
    }),
  ];
}

const isOfCpu = (unit: ControlSample['unit']): unit is CpuUnit => unit === 'cores' || unit === 'fraction';

function* measured(
  index: PlanIndex,
  present: readonly ClassifiedGuest[],
  { usage }: Interval,
  samples: readonly ControlSample[],
): Generator<PromiseSample> {
  const guests = new Map(present.map((one) => [one.guest.key, one]));
  const sums = new Set<ControlSample['setting']>();
  for (const sample of samples) {
    const { setting, unit } = sample;
    const one = guests.get(sample.guest);
    if (one === undefined || sums.has(setting) || !isOfCpu(unit)) continue;
    const isSum = setting.scope === 'sum' && !isDuty(setting) && setting.mechanism !== 'reservation';
    if (isSum) sums.add(setting);
    yield {
      ...sample,
      unit,
      guest: isSum ? null : sample.guest,
      about: isSum ? present.filter((other) => index.appliesTo(setting, other.class)) : [one],
      ...(setting.mechanism === 'reservation'
        ? unwanted(sample.promisedNs, sample.deliveredNs, [usage.get(sample.guest)])
        : { idleNs: 0, cause: null }),
    };
  }
}

/** A guarantee is kept where the guests got it, or wanted less. */
function guarantee(
  index: PlanIndex,
  setting: SettingOf<'share'>,
  present: readonly ClassifiedGuest[],
  { usage, elapsedNs }: Interval,
): readonly PromiseSample[] {
  const { floorCores } = setting;
  if (floorCores === null) return [];
  const inside = present.filter((one) => one.promised && index.appliesTo(setting, one.class));
  const groups =
    setting.scope === 'each'
      ? inside.map((one) => ({ guest: one.guest.key, about: [one] }))
      : [{ guest: null, about: inside }];
  return groups.flatMap(({ guest, about }) => {
    if (about.length === 0) return [];
    const used = about.map((one) => usage.get(one.guest.key));
    const promisedNs = floorCores * elapsedNs;
    const deliveredNs = used.reduce((sum, one) => sum + (one?.cpuNs ?? 0), 0);
    const numbers = { unit: 'cores' as const, bound: 'at-least' as const, promisedNs, deliveredNs };
    const why = unwanted(promisedNs, deliveredNs, used);
    return { guest, setting, about, ...numbers, baseNs: elapsedNs, ...why };
  });
}

/** Reservations of guests that their users have stopped, or whose vCPUs nobody knows. */
function unusable(
  index: PlanIndex,
  schedule: Schedule,
  setting: SettingOf<'reservation'>,
  present: readonly ClassifiedGuest[],
  { usage, elapsedNs }: Interval,
): readonly PromiseSample[] {
  return present.flatMap((one) => {
    const used = usage.get(one.guest.key);
    if (used === undefined || !one.promised || !index.appliesTo(setting, one.class)) return [];
    const { stoppedByUser } = used;
    if (!stoppedByUser && one.guest.vcpus.length > 0) return [];
    const servers = schedule.servers.filter(
      (server) => server.class === one.class && server.member === one.member && server.thread !== 'main',
    );
    const cores = servers.reduce((sum, { budgetNs, periodNs }) => sum + budgetNs / periodNs, 0);
    return {
      guest: one.guest.key,
      setting,
      about: [one],
      unit: 'cores' as const,
      bound: 'exactly' as const,
      promisedNs: cores * elapsedNs,
      deliveredNs: used.vcpuCpuNs,
      baseNs: elapsedNs,
      idleNs: 0,
      cause: stoppedByUser ? ('stopped-by-user' as const) : ('no-vcpu-threads' as const),
    };
  });
}

/** How much of a promise that was missed these guests did not want: they neither ran nor were ready to. */
function unwanted(
  promisedNs: number,
  deliveredNs: number,
  used: readonly (Usage | undefined)[],
): Pick<PromiseSample, 'idleNs' | 'cause'> {
  const missedNs = Math.max(0, promisedNs - deliveredNs);
  if (missedNs === 0) return { idleNs: 0, cause: null };
  if (used.every((one) => one?.stoppedByUser)) return { idleNs: 0, cause: 'stopped-by-user' };
  const waitNs = used.reduce<number | null>(
    (sum, one) => (sum === null || one?.waitNs == null ? null : sum + one.waitNs),
    0,
  );
  if (waitNs !== null) return { idleNs: Math.max(0, missedNs - waitNs), cause: null };
  return deliveredNs < IDLE * promisedNs
    ? { idleNs: missedNs, cause: null }
    : { idleNs: 0, cause: 'not-measured' };
}
