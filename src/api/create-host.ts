import { LinuxHost } from '../enforce/linux/linux-host.js';
import { GuestScanner, hiddenGuests } from '../qemu/index.js';

/**
 * This machine, with its QEMU processes; not started. Lock and journal go to `runtimeDirectory`; `onEvent` is told what
 * happens outside any action.
 */
export function createHost(runtimeDirectory: string, onEvent: (message: string) => void): LinuxHost {
  const scanner = new GuestScanner();
  return new LinuxHost({
    stateDirectory: runtimeDirectory,
    scan: () => scanner.scan(),
    hiddenGuests: () => hiddenGuests(),
    onEvent,
  });
}
