/**
 * CPU time of processes through `pidusage`, for hosts whose kernel gives no times of single threads. It
 * answers later than it is asked: {@link deltaNs} starts a look at the process, and gives what the two
 * before it showed. The library is loaded when the first process needs it.
 */
export class PortableProcessTimes {
  readonly #processes = new Map<number, { totalNs: number | null; deltaNs: number | null; busy: boolean }>();
  #clear: (() => void) | null = null;

  /** CPU time that came between the last two looks; null until there were two. Starts the next look. */
  deltaNs(pid: number): number | null {
    const process = this.#processes.get(pid) ?? { totalNs: null, deltaNs: null, busy: false };
    this.#processes.set(pid, process);
    if (!process.busy) void this.look(pid);
    const delta = process.deltaNs;
    process.deltaNs = null;
    return delta;
  }

  /** One look, settled when it is done; a process that has ended is forgotten. */
  async look(pid: number): Promise<void> {
    const process = this.#processes.get(pid) ?? { totalNs: null, deltaNs: null, busy: false };
    this.#processes.set(pid, process);
    process.busy = true;
    try {
      const { default: pidusage } = await import('pidusage');
      this.#clear = () => pidusage.clear();
      const { ctime } = await pidusage(pid);
      const totalNs = ctime * 1e6;
      if (process.totalNs !== null) process.deltaNs = (process.deltaNs ?? 0) + totalNs - process.totalNs;
      process.totalNs = totalNs;
    } catch {
      this.#processes.delete(pid);
    } finally {
      process.busy = false;
    }
  }

  close(): void {
    this.#processes.clear();
    this.#clear?.();
  }
}
