import type { Guest } from '../../qemu/guest.js';
import { ProcFile } from '../../support/proc-file.js';
import { processCpuNs } from './process-cpu.js';

/** CPU times of a guest since it started, ns. */
export interface GuestTimes {
  /** Of the whole process. */
  readonly cpuNs: bigint;
  /** Of the threads in `guest.vcpus`, in their order; 0 for one that has ended. */
  readonly vcpuCpuNs: readonly bigint[];
  /** For which those were runnable and waited for a CPU. */
  readonly waitNs: bigint;
}

interface OpenClocks {
  readonly vcpus: Guest['vcpus'];
  readonly files: readonly (ProcFile | null)[];
}

/** Reads the times of guests again and again, from files that stay open (schedstat: CPU time, then run delay). */
export class GuestClocks {
  readonly #open = new Map<string, OpenClocks>();

  read({ key, pid, vcpus }: Guest): GuestTimes {
    const vcpuCpuNs: bigint[] = [];
    let waitNs = 0n;
    for (const file of this.#filesOf(key, pid, vcpus)) {
      const known = file?.read() === true;
      vcpuCpuNs.push(known ? BigInt(file.number()) : 0n);
      if (known) waitNs += BigInt(file.number());
    }
    return { cpuNs: processCpuNs(pid), vcpuCpuNs, waitNs };
  }

  forget(key: string): void {
    for (const file of this.#open.get(key)?.files ?? []) file?.close();
    this.#open.delete(key);
  }

  close(): void {
    for (const key of [...this.#open.keys()]) this.forget(key);
  }

  /** The scan answers the same threads as the same object. */
  #filesOf(key: string, pid: number, vcpus: Guest['vcpus']): OpenClocks['files'] {
    const open = this.#open.get(key);
    if (open?.vcpus === vcpus) return open.files;
    this.forget(key);
    const files = vcpus.map(({ tid }) => ProcFile.open(`/proc/${pid}/task/${tid}/schedstat`));
    this.#open.set(key, { vcpus, files });
    return files;
  }
}
