import { LinuxHost } from '../enforce/linux/linux-host.js';
import { processCpuNs } from '../enforce/linux/process-cpu.js';
import { GuestScanner, hiddenGuests } from '../qemu/index.js';
import { runtimeDirectory, sliceName } from './socket-path.js';

/**
 * This machine, with its QEMU processes; not started. Lock and journal go to the runtime directory of `env`; `onEvent` is told what
 * happens outside any action.
 */
export function createHost(
  env: Readonly<Record<string, string | undefined>>,
  onEvent: (message: string) => void,
): LinuxHost {
  const scanner = new GuestScanner({ cpuClock: processCpuNs });
  return new LinuxHost({
    stateDirectory: runtimeDirectory(env),
    sliceName: sliceName(env),
    scan: (afresh) => scanner.scan(afresh),
    hiddenGuests: () => hiddenGuests(),
    hasNewcomer: () => scanner.hasNewcomer(),
    onEvent,
  });
}
