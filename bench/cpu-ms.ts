/** CPU time of some work, ms, which others on the machine do not lengthen: for a disk only its own thread waits. */
export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
