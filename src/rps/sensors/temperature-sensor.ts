import { namesIn, numberOf, textOf } from './listing.js';
import type { Report } from './report.js';

/** Drivers of /sys/class/hwmon that measure processors. */
const PROCESSOR_DRIVERS = new Set([
  ...['coretemp', 'k8temp', 'k10temp', 'zenpower', 'via_cputemp', 'fam15h_power'],
  ...['cpu_thermal', 'cpu-thermal', 'soc_thermal', 'scpi_sensors'],
]);
/** Kinds of /sys/class/thermal that are, or are near, the processor, the best first. */
const PROCESSOR_ZONES = [/^x86_pkg_temp$/, /cpu/i, /^soc/i, /^acpitz$/];

/** `host.temperature`: the hottest core, in degrees Celsius, from /sys/class/hwmon, else /sys/class/thermal. */
export class TemperatureSensor {
  readonly #root: string;

  /** `root` is where /sys is found. */
  constructor(root = '/sys') {
    this.#root = root;
  }

  sample(report: Report): void {
    // Devices come and go with their drivers: which there are is looked up anew, once in a while.
    const values = thermometersIn(this.#root).flatMap((path) => numberOf(path) ?? []);
    if (values.length > 0) report('host.temperature', Math.max(...values) / 1000);
  }
}

/** Paths of files that hold a processor's temperature, in thousandths of a degree. */
export function thermometersIn(root: string): readonly string[] {
  const monitors = pathsIn(`${root}/class/hwmon`).filter((path) =>
    PROCESSOR_DRIVERS.has(textOf(`${path}/name`)),
  );
  const inputs = monitors.flatMap((path) => pathsIn(path).filter((file) => /\/temp\d+_input$/.test(file)));
  if (inputs.length > 0) return inputs;
  const zones = pathsIn(`${root}/class/thermal`).filter((path) => /\/thermal_zone\d+$/.test(path));
  for (const kind of PROCESSOR_ZONES) {
    const fitting = zones.filter((path) => kind.test(textOf(`${path}/type`)));
    if (fitting.length > 0) return fitting.map((path) => `${path}/temp`);
  }
  return [];
}

const pathsIn = (directory: string): readonly string[] =>
  namesIn(directory).map((name) => `${directory}/${name}`);
