import type { Schedule, Setting } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import type { GuestSetting, Observation } from '../host.js';
import type { PlanIndex } from '../plan-index.js';

/**
 * What the schedule sets on each guest besides groups, servers and the timetable, by key. Where several settings act on
 * one knob of a guest (of its class and of all guests, say) the strictest of each number holds. An amount for a sum is
 * divided equally among the guests that are there and have something that it acts on: a guest without a drive has no use for a
 * part of a disk's. Pure.
 */
export function decideKnobs(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  { guests }: Pick<Observation, 'guests'>,
): ReadonlyMap<string, readonly GuestSetting[]> {
  const settings = new Map<string, Map<string, GuestSetting>>();
  const lacking = new Map(guests.map(({ guest, lacks = [] }) => [guest.key, lacks]));
  for (const setting of schedule.settings) {
    const members = classified.filter((one) => index.appliesTo(setting, one.class));
    const sharers = members.filter(({ guest }) =>
      (lacking.get(guest.key) ?? []).every((knob) => knob !== setting.mechanism),
    );
    const wanted = knobOf(setting, setting.scope === 'sum' ? Math.max(sharers.length, 1) : 1);
    if (wanted === null) continue;
    for (const { guest } of members) {
      const own = settings.get(guest.key) ?? new Map<string, GuestSetting>();
      const before = own.get(wanted.knob);
      own.set(wanted.knob, before ? strictestOf(before, wanted) : wanted);
      settings.set(guest.key, own);
    }
  }
  return new Map([...settings].map(([key, own]) => [key, [...own.values()]]));
}

/** The least time that a guest has to power down, where a setting stops it; null: it may go on. */
export function stopWithinNs(
  index: PlanIndex,
  schedule: Schedule,
  { class: name }: ClassifiedGuest,
): bigint | null {
  const times = schedule.settings.flatMap((setting) =>
    setting.mechanism === 'stop' && index.appliesTo(setting, name) ? [setting.withinNs] : [],
  );
  return times.length === 0 ? null : BigInt(Math.min(...times));
}

function knobOf(setting: Setting, sharers: number): GuestSetting | null {
  const part = (amount: number | null) => (amount === null ? null : Math.floor(amount / sharers));
  switch (setting.mechanism) {
    case 'placement':
      return { knob: 'placement', cores: [...setting.cores].sort((a, b) => a - b) };
    case 'share':
      return setting.nice === undefined ? null : { knob: 'nice', nice: setting.nice };
    case 'memory':
      return {
        knob: 'memory',
        ceilingBytes: part(setting.ceilingBytes),
        floorBytes: part(setting.floorBytes),
      };
    case 'disk':
      return { knob: 'disk', bytesPerSecond: part(setting.bytesPerSecond), iops: part(setting.iops) };
    case 'network':
      return { knob: 'network', bytesPerSecond: Math.floor(setting.bytesPerSecond / sharers) };
    case 'reservation':
    case 'quota':
    case 'duty':
    case 'freezer':
    case 'stop':
      return null;
  }
}

function strictestOf(a: GuestSetting, b: GuestSetting): GuestSetting {
  if (a.knob === 'placement' && b.knob === 'placement') {
    return { knob: 'placement', cores: a.cores.filter((core) => b.cores.includes(core)) };
  }
  if (a.knob === 'memory' && b.knob === 'memory') {
    return {
      knob: 'memory',
      ceilingBytes: least(a.ceilingBytes, b.ceilingBytes),
      floorBytes:
        a.floorBytes === null || b.floorBytes === null
          ? (a.floorBytes ?? b.floorBytes)
          : Math.max(a.floorBytes, b.floorBytes),
    };
  }
  if (a.knob === 'disk' && b.knob === 'disk') {
    return {
      knob: 'disk',
      bytesPerSecond: least(a.bytesPerSecond, b.bytesPerSecond),
      iops: least(a.iops, b.iops),
    };
  }
  if (a.knob === 'network' && b.knob === 'network') {
    return { knob: 'network', bytesPerSecond: Math.min(a.bytesPerSecond, b.bytesPerSecond) };
  }
  return b;
}

const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
