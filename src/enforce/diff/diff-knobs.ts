import type { DesiredGuest } from '../decide/desired.js';
import type { Action, GuestSetting, Knob, ObservedGuest } from '../host.js';

export interface KnobActions {
  readonly unset: readonly Action[];
  readonly set: readonly Action[];
  /** Placements: on their own, for gathering a guest takes away that it had. */
  readonly place: readonly Action[];
  /** Real-time priorities: taken back before the timetable changes, set once it is in force. */
  readonly lower: readonly Action[];
  readonly raise: readonly Action[];
  /** Guests asked to power down, or ended because they did not. */
  readonly stop: readonly Action[];
}

/** What is still to be set on guests, and to be given back; pure. `atNs`: monotonic time of the observation. */
export function diffKnobs(
  guests: readonly ObservedGuest[],
  desired: ReadonlyMap<string, DesiredGuest>,
  atNs: bigint,
): KnobActions {
  const unset: Action[] = [];
  const set: Action[] = [];
  const place: Action[] = [];
  const lower: Action[] = [];
  const raise: Action[] = [];
  const stop: Action[] = [];
  const apart: Partial<Record<Knob, Action[]>> = { placement: place, priority: raise };
  for (const { guest, settings = [], powerDownNs } of guests) {
    const { key } = guest;
    const wanted = desired.get(key);
    const inForce = new Map(settings.map((setting) => [setting.knob, setting]));
    const asked = new Map((wanted?.settings ?? []).map((setting) => [setting.knob, setting]));
    for (const knob of inForce.keys()) {
      if (asked.has(knob)) continue;
      (knob === 'priority' ? lower : unset).push({ kind: 'unset-knob', guest: key, knob });
    }
    for (const [knob, setting] of asked) {
      if (sameSetting(inForce.get(knob), setting)) continue;
      (apart[knob] ?? set).push({ kind: 'set-knob', guest: key, setting });
    }
    const within = wanted?.stopWithinNs;
    if (within === undefined) {
      if (powerDownNs !== undefined) stop.push({ kind: 'forget-power-down', guest: key });
      continue;
    }
    if (powerDownNs === undefined) stop.push({ kind: 'power-down', guest: key });
    else if (atNs - powerDownNs >= within) stop.push({ kind: 'end-guest', guest: key });
  }
  return { unset, set, place, lower, raise, stop };
}

const sameSetting = (a: GuestSetting | undefined, b: GuestSetting): boolean =>
  a !== undefined && JSON.stringify(sorted(a), asText) === JSON.stringify(sorted(b), asText);

const sorted = (setting: GuestSetting): object =>
  Object.entries(setting).sort(([a], [b]) => (a < b ? -1 : 1));

const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);
