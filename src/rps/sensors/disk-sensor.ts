import { existsSync } from 'node:fs';
import { CounterFile } from './counter-file.js';
import { namesIn } from './listing.js';
import type { Report } from './report.js';

/** In /sys/block/NAME/stat: ms in which at least one request was under way (Documentation/block/stat.rst, "io_ticks"). */
const BUSY_MS_PLACE = 9;

/**
 * `host.disk.busy`: of the busiest disk, the part of the time in which it had something to do. Disks are block devices with
 * hardware, or a hypervisor, behind them; on a host that has none, all but loop devices and memory.
 */
export class DiskSensor {
  readonly #directory: string;
  readonly #disks = new Map<string, CounterFile>();

  /** `root` is where /sys is found. Opens nothing yet: {@link refresh} does. */
  constructor(root = '/sys') {
    this.#directory = `${root}/block`;
  }

  /** Looks which disks there are now; to be called before the first sample, and now and then. */
  refresh(): void {
    const present = new Set(disksIn(this.#directory));
    for (const [name, file] of this.#disks) if (!present.has(name)) this.#drop(name, file);
    for (const name of present) {
      if (this.#disks.has(name)) continue;
      const file = CounterFile.open(`${this.#directory}/${name}/stat`, BUSY_MS_PLACE);
      if (file !== null) this.#disks.set(name, file);
    }
  }

  sample(atNs: bigint, report: Report): void {
    let busiest: number | null = null;
    for (const [name, file] of this.#disks) {
      const msPerSecond = file.read(atNs);
      if (msPerSecond === 'gone') this.#drop(name, file);
      else if (msPerSecond !== null) busiest = Math.max(busiest ?? 0, msPerSecond);
    }
    if (busiest !== null) report('host.disk.busy', Math.min(100, busiest / 10));
  }

  close(): void {
    for (const [name, file] of this.#disks) this.#drop(name, file);
  }

  #drop(name: string, file: CounterFile): void {
    file.close();
    this.#disks.delete(name);
  }
}

/** Names of the disks below /sys/block. */
export function disksIn(directory: string): readonly string[] {
  const names = namesIn(directory).filter((name) => !/^(?:loop|ram|zram)\d/.test(name));
  const real = names.filter((name) => existsSync(`${directory}/${name}/device`));
  return real.length > 0 ? real : names;
}
