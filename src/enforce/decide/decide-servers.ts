import type { Schedule, Server } from '../../compiler/plan.js';
import type { Guest } from '../../qemu/guest.js';
import type { ClassifiedGuest } from '../classify.js';
import type { FindingDraft } from '../findings.js';
import type { DesiredServer } from './desired.js';

/**
 * The schedule's servers on this guest's threads: vCPU i has server 'vcpu i', QEMU's main loop (the thread whose id is
 * the process's) has 'main'. A guest with fewer vCPUs than its class declares leaves the others' servers unused.
 */
export function decideServers(
  schedule: Schedule,
  { guest, class: className, member, promised }: ClassifiedGuest,
): { readonly servers: readonly DesiredServer[]; readonly findings: readonly FindingDraft[] } {
  const mine = schedule.servers.filter((server) => server.class === className && server.member === member);
  if (mine.length === 0 || !promised) return { servers: [], findings: [] };
  if (guest.vcpus.length === 0) return { servers: [], findings: [noVcpuThreads(guest)] };
  const servers = new Map<number, DesiredServer>();
  for (const server of mine) {
    const tid = threadOf(server, guest);
    // Single-threaded TCG runs every vCPU on one thread, which then holds one server: that of the first.
    if (tid !== null && !servers.has(tid)) servers.set(tid, onThread(server, tid));
  }
  return { servers: [...servers.values()], findings: [] };
}

/** Its threads run by their reservations: weights and quotas do not concern it. */
export const holdsServers = (schedule: Schedule, one: ClassifiedGuest): boolean =>
  decideServers(schedule, one).servers.length > 0;

function threadOf(server: Server, guest: Guest): number | null {
  if (server.thread === 'main') return guest.pid;
  const vcpu = guest.vcpus.find(({ index }) => server.thread === `vcpu ${index}`);
  return vcpu?.tid ?? null;
}

const onThread = (server: Server, tid: number): DesiredServer => ({
  tid,
  thread: server.thread,
  budgetNs: BigInt(server.budgetNs),
  periodNs: BigInt(server.periodNs),
  core: server.core,
});

export function noVcpuThreads(guest: Guest): FindingDraft {
  return {
    code: 'no-vcpu-threads',
    severity: 'error',
    subject: guest.key,
    message:
      `which threads of guest ${guest.name ?? guest.pid} are its vCPUs is not known: ` +
      'it has no QMP socket that answers, and QEMU was started without debug-threads=on; start QEMU with ' +
      '-qmp unix:PATH,server=on,wait=off or -name NAME,debug-threads=on',
    fallback: 'it runs without its reservation; mechanisms that act on the whole process still apply',
  };
}
