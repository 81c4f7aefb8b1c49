import type { Guest } from './guest.js';
import { withGuestMonitor } from './guest-monitor.js';
import { cont, queryStatus, queryVersion, stop, systemPowerdown } from './qmp/commands.js';

/** What a guest says of itself through its monitor. */
export interface VmInfo {
  /** "running", "paused", "shutdown", … */
  readonly status: string;
  readonly running: boolean;
  /** QEMU's, "7.2.22". */
  readonly version: string;
  /** Virtual CPUs, however many threads they have. */
  readonly cpus: number;
}

/** Rejects, as all functions here, with a `QmpError` that says why the monitor did not do it. */
export function vmInfo(guest: Guest): Promise<VmInfo> {
  return withGuestMonitor(guest, async ({ client, cpus }) => ({
    ...(await queryStatus(client)),
    version: await queryVersion(client),
    cpus: cpus.length,
  }));
}

/** Pauses the guest's virtual CPUs; QEMU itself goes on. Nothing happens to a paused guest. */
export function stopVm(guest: Guest): Promise<void> {
  return withGuestMonitor(guest, ({ client }) => stop(client));
}

/** Lets a paused guest go on. Nothing happens to a running one. */
export function contVm(guest: Guest): Promise<void> {
  return withGuestMonitor(guest, ({ client }) => cont(client));
}

/** Presses the guest's power button: it shuts down if its system cares to. */
export function powerDownVm(guest: Guest): Promise<void> {
  return withGuestMonitor(guest, ({ client }) => systemPowerdown(client));
}

/**
 * The guests that a user means: by exact key, pid or uuid, else by name. More than one where a name is not
 * unique; none where nothing fits.
 */
export function selectGuests(guests: readonly Guest[], selector: string): readonly Guest[] {
  const exact = guests.filter(({ key, pid, uuid }) => [key, `${pid}`, uuid].includes(selector));
  return exact.length > 0 ? exact : guests.filter(({ name }) => name === selector);
}
