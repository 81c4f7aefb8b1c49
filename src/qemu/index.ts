export { AgentError, type AgentReadings, askGuestAgent } from './agent/guest-agent.js';
export { networkBackends } from './command-line.js';
export {
  isSameProcess,
  isSameThread,
  readLiveThreadsCpuNs,
  readProcessCpuNs,
  readThreadCpuNs,
  readThreadWaitNs,
} from './cpu-time.js';
export { QEMU_EXECUTABLES } from './executables.js';
export type { Guest, VcpuThread } from './guest.js';
export { type GuestMonitor, openGuestMonitor, withGuestMonitor } from './guest-monitor.js';
export { GuestScanner, type GuestScannerOptions, scanGuests } from './guest-scanner.js';
export { hiddenGuests } from './hidden-guests.js';
export { queryBalloon, queryMemoryBytes, setBalloon } from './qmp/balloon-commands.js';
export {
  type QmpDrive,
  type QmpDriveUse,
  queryBlock,
  queryBlockStats,
  setIoThrottle,
  type Throttle,
  throttleArguments,
} from './qmp/block-commands.js';
export {
  cont,
  type QmpCpu,
  type QmpRunState,
  queryCpusFast,
  queryName,
  queryStatus,
  queryVersion,
  stop,
  systemPowerdown,
} from './qmp/commands.js';
export { QmpClient, type QmpEvent, type QmpOptions } from './qmp/qmp-client.js';
export { QmpError, type QmpErrorCode } from './qmp/qmp-error.js';
export { QmpSession, type QmpSessionOptions } from './qmp/qmp-session.js';
export { contVm, powerDownVm, selectGuests, stopVm, type VmInfo, vmInfo } from './vm.js';
