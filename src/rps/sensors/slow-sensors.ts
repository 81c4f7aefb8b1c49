import { GuestResources, type TapsOf } from './guest-resources.js';
import { PowerSensor } from './power-sensor.js';
import type { Report } from './report.js';
import type { SensedGuest } from './sensed-guest.js';
import { TemperatureSensor } from './temperature-sensor.js';

/** What changes slowly or costs more to look at: battery, temperature, and memory, disk and network of guests. */
export class SlowSensors {
  readonly #power: PowerSensor;
  readonly #temperature: TemperatureSensor;
  readonly #guests: GuestResources;

  /** Where /proc and /sys are found. Opens nothing yet. */
  constructor(procRoot = '/proc', sysRoot = '/sys', tapsOf?: TapsOf) {
    this.#power = new PowerSensor(sysRoot);
    this.#temperature = new TemperatureSensor(sysRoot);
    this.#guests = new GuestResources(procRoot, tapsOf);
  }

  sample(atNs: bigint, guests: readonly SensedGuest[], report: Report): void {
    this.#power.sample(report);
    this.#temperature.sample(report);
    this.#guests.sample(atNs, guests, report);
  }

  close(): void {
    this.#guests.close();
  }
}
