import { namesIn, numberOf, textOf } from './listing.js';
import type { Report } from './report.js';

/**
 * `host.battery` and `host.on-battery`, from /sys/class/power_supply. Batteries may come and go; a host without one is never on
 * it. One of a mouse is not the host's.
 */
export class PowerSensor {
  readonly #directory: string;

  /** `root` is where /sys is found. */
  constructor(root = '/sys') {
    this.#directory = `${root}/class/power_supply`;
  }

  sample(report: Report): void {
    const batteries = batteriesIn(this.#directory);
    if (batteries.length === 0) {
      report('host.on-battery', 0);
      return;
    }
    const charge = chargeOf(batteries);
    if (charge !== null) report('host.battery', Math.min(100, charge));
    report('host.on-battery', this.#isOnBattery(batteries) ? 1 : 0);
  }

  /** By what plugs say, where there is one; else by the batteries themselves. */
  #isOnBattery(batteries: readonly string[]): boolean {
    const plugs = namesIn(this.#directory)
      .map((name) => `${this.#directory}/${name}`)
      .filter((path) => textOf(`${path}/type`) === 'Mains');
    const online = plugs.map((path) => numberOf(`${path}/online`)).filter((value) => value !== null);
    if (online.length > 0) return !online.includes(1);
    return batteries.some((path) => textOf(`${path}/status`) === 'Discharging');
  }
}

/** Paths of the machine's own batteries. */
export function batteriesIn(directory: string): readonly string[] {
  return namesIn(directory)
    .map((name) => `${directory}/${name}`)
    .filter((path) => textOf(`${path}/type`) === 'Battery' && textOf(`${path}/scope`) !== 'Device');
}

/** Of all together, in percent: each counts for as much as it holds when full. Null: none tells. */
function chargeOf(batteries: readonly string[]): number | null {
  let [sum, full] = [0, 0];
  for (const path of batteries) {
    const percent = numberOf(`${path}/capacity`);
    if (percent === null) continue;
    const weight = numberOf(`${path}/energy_full`) ?? numberOf(`${path}/charge_full`) ?? 1;
    sum += percent * weight;
    full += weight;
  }
  return full > 0 ? sum / full : null;
}
