import type { Guest, VcpuThread } from './guest.js';

/** Whether two scans saw the same of a process: nothing has changed that can. */
export function sameGuest(a: Guest, b: Guest): boolean {
  return (
    a.key === b.key &&
    a.commandLine === b.commandLine &&
    a.user === b.user &&
    a.uid === b.uid &&
    a.unit === b.unit &&
    a.cgroup === b.cgroup &&
    a.hasTerminal === b.hasTerminal &&
    a.stopped === b.stopped &&
    a.vcpuSource === b.vcpuSource &&
    a.vcpus.length === b.vcpus.length &&
    a.vcpus.every((vcpu, index) => sameThread(vcpu, b.vcpus[index]))
  );
}

const sameThread = (a: VcpuThread, b: VcpuThread | undefined): boolean =>
  a.index === b?.index && a.tid === b.tid && a.startTime === b.startTime;
