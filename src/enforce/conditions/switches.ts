/** The owner's switches: off until set, each for ever or until an instant of monotonic time. */
export type Switches = ReadonlyMap<string, { readonly on: boolean; readonly untilNs: bigint | null }>;

export const ALL_OFF: Switches = new Map();

/** `forNs` null: until it is set again. After its time a switch is off, whatever it was set to. */
export function setSwitch(
  switches: Switches,
  name: string,
  on: boolean,
  nowNs: bigint,
  forNs: bigint | null,
): Switches {
  return new Map(switches).set(name, { on, untilNs: forNs === null ? null : nowNs + forNs });
}

export function isOn(switches: Switches, name: string, nowNs: bigint): boolean {
  const setting = switches.get(name);
  if (setting === undefined || (setting.untilNs !== null && nowNs >= setting.untilNs)) return false;
  return setting.on;
}

/** When it changes by itself; null: it does not. */
export function expiryOf(switches: Switches, name: string, nowNs: bigint): bigint | null {
  const setting = switches.get(name);
  return setting?.on && setting.untilNs !== null && setting.untilNs > nowNs ? setting.untilNs : null;
}
