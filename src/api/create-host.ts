import type { Logger } from 'pino';
import { LinuxHost } from '../enforce/linux/linux-host.js';
import { GuestScanner } from '../qemu/index.js';

/** This machine, with its QEMU processes; not started. Lock and journal go to `runtimeDirectory`. */
export function createHost(runtimeDirectory: string, log: Logger): LinuxHost {
  const scanner = new GuestScanner();
  return new LinuxHost({
    stateDirectory: runtimeDirectory,
    scan: () => scanner.scan(),
    onEvent: (message) => log.warn(message),
  });
}
