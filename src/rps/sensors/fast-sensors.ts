import type { CpuClock } from '../../support/cpu-clock.js';
import { DiskSensor } from './disk-sensor.js';
import { HostSensor } from './host-sensor.js';
import { NetworkSensor } from './network-sensor.js';
import type { Report } from './report.js';
import type { SensedGuest } from './sensed-guest.js';
import { UserSensor } from './user-sensor.js';

/** Where the files of the kernel are found: /proc, /sys and /dev. */
export interface Roots {
  readonly procRoot?: string;
  readonly sysRoot?: string;
  readonly devRoot?: string;
}

/** What is read at every sample: processors, memory, pressure, disks, network, the user, and the CPU time of guests. */
export class FastSensors {
  readonly #host: HostSensor;
  readonly #disks: DiskSensor;
  readonly #network: NetworkSensor;
  readonly #user: UserSensor;

  /** Opens the files; {@link close} closes them. */
  constructor({ procRoot, sysRoot, devRoot }: Roots = {}, cpuClock: CpuClock | null = null) {
    this.#host = new HostSensor(procRoot, cpuClock);
    this.#disks = new DiskSensor(sysRoot);
    this.#network = new NetworkSensor(sysRoot);
    this.#user = new UserSensor(procRoot, devRoot);
    this.refresh();
  }

  /** Looks which disks, interfaces and keyboards there are now: to be called now and then. */
  refresh(): void {
    for (const sensor of [this.#disks, this.#network, this.#user]) sensor.refresh();
  }

  /** `atNs` is the monotonic clock now, `wallMs` the wall clock, `guests` the processes that are guests now. */
  sample(atNs: bigint, wallMs: number, guests: readonly SensedGuest[], report: Report): void {
    this.#host.sample(atNs, guests, report);
    this.#disks.sample(atNs, report);
    this.#network.sample(atNs, report);
    this.#user.sample(atNs, wallMs, report);
  }

  close(): void {
    for (const sensor of [this.#host, this.#disks, this.#network, this.#user]) sensor.close();
  }
}
