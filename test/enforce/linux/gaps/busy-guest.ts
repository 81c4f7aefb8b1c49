import { readStartTime } from '../../../../src/enforce/linux/task-stat.js';
import type { Guest } from '../../../../src/qemu/guest.js';

/** A process of one thread as the host sees a guest, so that this thread can be given a server. */
export function busyGuest(pid: number): Guest {
  const startTime = readStartTime(pid) ?? 0n;
  return {
    key: `${pid}-${startTime}`,
    pid,
    startTime,
    name: null,
    uuid: null,
    user: 'root',
    uid: 0,
    unit: null,
    cgroup: '/',
    commandLine: [],
    hasTerminal: false,
    qmpSockets: [],
    vcpus: [],
    vcpuSource: 'none',
    stopped: false,
  };
}
