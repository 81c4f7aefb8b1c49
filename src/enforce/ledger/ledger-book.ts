import type { Schedule, Setting } from '../../compiler/plan.js';
import type { ControlSample } from '../account/sample.js';
import type { Interval, Usage } from '../account/usage.js';
import type { ClassifiedGuest } from '../classify.js';
import type { RunningTimetable } from '../host.js';
import { OTHERS, type PlanIndex } from '../plan-index.js';
import { summarise } from '../summarise.js';
import { blame, type Circumstances } from './blame.js';
import { GapBound, longestHolds } from './gap.js';
import {
  type GuestUse,
  type LedgerGuest,
  type LedgerSlot,
  type PromiseUse,
  SLOT_MS,
} from './ledger-batch.js';
import type { MissCause } from './miss-cause.js';
import { NO_USE } from './no-use.js';
import { type PromiseSample, promiseSamples } from './promise-samples.js';
import { missOf, slackOf } from './slack.js';
import { usedUpLimits } from './used-up-limits.js';

/** One interval between two observations, as it was measured. */
export interface MeasuredInterval extends Circumstances {
  readonly index: PlanIndex;
  readonly mode: string;
  readonly schedule: Schedule;
  readonly timetable: RunningTimetable | null;
  readonly classified: readonly ClassifiedGuest[];
  readonly interval: Interval;
  readonly samples: readonly ControlSample[];
  /** Wall-clock time at its end. */
  readonly wallMs: number;
}

type Sums<T> = { -readonly [K in keyof T]: T[K] };
interface PromiseSums extends Omit<Sums<PromiseUse>, 'misses'> {
  /** By cause, ns: what was missed in single intervals; positive where it was short of the promise. */
  readonly short: Map<MissCause, number>;
  readonly beyond: Map<MissCause, number>;
}

interface Slot {
  readonly atMs: number;
  untilMs: number;
  zone: string;
  readonly guests: Map<string, Sums<GuestUse>>;
  readonly promises: Map<string, PromiseSums>;
}

/** Gathers intervals to slots of 10 s of wall-clock time; an interval counts in the one in which it ends. Touches nothing. */
export class LedgerBook {
  #slot: Slot | null = null;
  #gaps = new Map<string, GapBound>();

  /** Answers the slot that has ended with this, if one has. */
  record(measured: MeasuredInterval): LedgerSlot | null {
    const ended = this.#turn(measured);
    const slot = this.#slot;
    if (slot === null || measured.interval.elapsedNs <= 0) return ended;
    slot.untilMs = measured.wallMs;
    slot.zone = measured.index.plan.host.timezone;
    const samples = promiseSamples(
      measured.index,
      measured.schedule,
      measured.classified,
      measured.interval,
      measured.samples,
    );
    this.#addGuests(slot, measured, promisedToGuests(samples));
    const usedUp = usedUpLimits(samples);
    for (const sample of samples) addPromise(slot, measured, sample, usedUp);
    return ended;
  }

  /** What has been gathered since the last slot ended. */
  close(): LedgerSlot | null {
    const slot = this.#slot;
    this.#slot = null;
    return slot === null || slot.guests.size + slot.promises.size === 0 ? null : batchOf(slot);
  }

  /** A slot without guests is one, too: it says that the daemon ran. */
  #turn({ wallMs }: MeasuredInterval): LedgerSlot | null {
    // At its very end it is still the slot's.
    const atMs = Math.floor((wallMs - 1) / SLOT_MS) * SLOT_MS;
    const before = this.#slot;
    if (before?.atMs === atMs) return null;
    this.#slot = { atMs, untilMs: wallMs, zone: 'UTC', guests: new Map(), promises: new Map() };
    return before === null ? null : batchOf(before);
  }

  #addGuests(slot: Slot, measured: MeasuredInterval, promised: ReadonlyMap<string, number>): void {
    const { mode, classified, interval, timetable } = measured;
    const holds = longestHolds(timetable);
    const gaps = new Map<string, GapBound>();
    for (const one of classified) {
      const { key } = one.guest;
      const usage = interval.usage.get(key);
      if (usage === undefined) continue;
      const gap = this.#gaps.get(key) ?? new GapBound();
      gaps.set(key, gap);
      const id = `${mode} ${key} ${one.class}`;
      const gapNs = gap.after(usage, interval.elapsedNs, holds.get(key) ?? 0);
      const before = slot.guests.get(id) ?? emptyUse(guestOf(one), mode);
      slot.guests.set(id, addUse(before, usage, interval.elapsedNs, promised.get(key) ?? 0, gapNs));
    }
    this.#gaps = gaps;
  }
}

const guestOf = ({ guest, class: name }: ClassifiedGuest): LedgerGuest => ({
  key: guest.key,
  name: guest.name,
  user: guest.user,
  class: name ?? OTHERS,
});

const emptyUse = (guest: LedgerGuest, mode: string): Sums<GuestUse> => ({
  guest,
  mode,
  ...NO_USE,
});

function addUse(
  sums: Sums<GuestUse>,
  usage: Usage,
  elapsedNs: number,
  promisedNs: number,
  gapNs: number | null,
): Sums<GuestUse> {
  sums.elapsedNs += elapsedNs;
  sums.cpuNs += usage.cpuNs;
  sums.promisedNs += promisedNs;
  sums.wantedNs =
    sums.wantedNs === null || usage.waitNs === null ? null : sums.wantedNs + usage.cpuNs + usage.waitNs;
  sums.stoppedNs += usage.stoppedNs;
  sums.stoppedByUserNs += usage.stoppedByUser ? elapsedNs : 0;
  sums.longestGapNs =
    sums.longestGapNs === null || gapNs === null ? null : Math.max(sums.longestGapNs, gapNs);
  return sums;
}

/** CPU that was promised to single guests: where several promises are about the same, the greatest. */
function promisedToGuests(samples: readonly PromiseSample[]): ReadonlyMap<string, number> {
  const promised = new Map<string, number>();
  for (const { guest, setting, bound, promisedNs } of samples) {
    const isCpu = setting.mechanism === 'reservation' || setting.mechanism === 'share';
    if (guest === null || bound === 'at-most' || !isCpu) continue;
    promised.set(guest, Math.max(promised.get(guest) ?? 0, promisedNs));
  }
  return promised;
}

function addPromise(
  slot: Slot,
  measured: MeasuredInterval,
  sample: PromiseSample,
  usedUp: readonly ReadonlySet<string>[],
): void {
  const { setting, unit, bound, guest } = sample;
  const id = `${unit} ${guest} ${promiseId(setting)} ${measured.mode}`;
  const [first] = sample.about;
  const sums: PromiseSums = slot.promises.get(id) ?? {
    promise: {
      guest: guest === null || first === undefined ? null : guestOf(first),
      mechanism: setting.mechanism,
      subject: setting.subject,
      class: setting.class,
      summary: summarise(setting),
      unit,
      bound,
      ...slackOf(sample),
    },
    mode: measured.mode,
    elapsedNs: 0,
    promisedNs: 0,
    deliveredNs: 0,
    baseNs: 0,
    short: new Map(),
    beyond: new Map(),
  };
  slot.promises.set(id, sums);
  sums.elapsedNs += measured.interval.elapsedNs;
  sums.promisedNs += sample.promisedNs;
  sums.deliveredNs += sample.deliveredNs;
  sums.baseNs += sample.baseNs;
  const missNs = missOf(bound, sample.promisedNs, sample.deliveredNs);
  if (missNs === 0) return;
  const causes = missNs > 0 ? sums.short : sums.beyond;
  const idleNs = missNs > 0 ? Math.min(missNs, sample.idleNs) : 0;
  const restNs = Math.abs(missNs) - idleNs;
  if (idleNs > 0) causes.set('idle', (causes.get('idle') ?? 0) + idleNs);
  if (restNs <= 0) return;
  const cause = blame(measured.index, sample, measured, usedUp);
  causes.set(cause, (causes.get(cause) ?? 0) + restNs);
}

/** The same for settings of one text in two plans. */
function promiseId(setting: Setting): string {
  const known = promiseIds.get(setting);
  if (known !== undefined) return known;
  const id = JSON.stringify([setting.mechanism, setting.subject, setting.class, summarise(setting)]);
  promiseIds.set(setting, id);
  return id;
}

/** Settings are parts of plans, which nobody changes. */
const promiseIds = new WeakMap<Setting, string>();

const batchOf = ({ atMs, untilMs, zone, guests, promises }: Slot): LedgerSlot => ({
  atMs,
  untilMs,
  zone,
  guests: [...guests.values()],
  promises: [...promises.values()].map(({ short, beyond, ...use }) => ({
    ...use,
    misses: missesOf(use, short, beyond),
  })),
});

/** What was missed of a whole slot, beyond the slack, divided among the causes as single intervals missed it. */
function missesOf(
  { promise, promisedNs, deliveredNs }: Omit<PromiseUse, 'misses'>,
  short: ReadonlyMap<MissCause, number>,
  beyond: ReadonlyMap<MissCause, number>,
): PromiseUse['misses'] {
  const missNs = missOf(promise.bound, promisedNs, deliveredNs);
  const countedNs = Math.abs(missNs) - promise.slackNs - promise.slackRatio * promisedNs;
  if (countedNs <= 0) return [];
  const causes = [...(missNs > 0 ? short : beyond)];
  const allNs = causes.reduce((sum, [, ns]) => sum + ns, 0);
  return causes.map(([cause, ns]) => ({ cause, ns: Math.round((countedNs * ns) / allNs) }));
}
