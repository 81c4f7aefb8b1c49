import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Report } from './host-sensor.js';

/** Signals that {@link SlowSensor} reports. */
export const SLOW_SIGNALS = ['host.battery', 'host.on-battery', 'host.temperature'] as const;

/** The part of `systeminformation` that is used. */
export interface PlatformLibrary {
  battery(): Promise<{
    readonly hasBattery: boolean;
    readonly percent: number;
    readonly acConnected: boolean;
  }>;
  /** Degrees Celsius. */
  cpuTemperature(): Promise<{ readonly main: number | null; readonly max: number | null }>;
}

/**
 * What changes slowly and differs by platform: battery and temperature, through `systeminformation`. The
 * library is loaded, and asked, only on a host that has one of them: it starts processes to find out.
 */
export class SlowSensor {
  readonly #hasBattery: boolean;
  readonly #hasTemperature: boolean;
  readonly #load: () => Promise<PlatformLibrary>;

  /** `root` is where /sys is found; `load` loads the library. */
  constructor(root = '/sys', load: () => Promise<PlatformLibrary> = () => import('systeminformation')) {
    this.#load = load;
    this.#hasBattery = hasBattery(`${root}/class/power_supply`);
    this.#hasTemperature =
      entries(`${root}/class/thermal`).some((name) => name.startsWith('thermal_zone')) ||
      entries(`${root}/class/hwmon`).length > 0;
  }

  /** Asks once; what cannot be told is not reported. Never rejects. */
  async sample(report: Report): Promise<void> {
    // A host without a battery is never on it.
    if (!this.#hasBattery) report('host.on-battery', 0);
    if (!this.#hasBattery && !this.#hasTemperature) return;
    try {
      const { battery, cpuTemperature } = await this.#load();
      if (this.#hasBattery) {
        const { hasBattery, percent, acConnected } = await battery();
        if (hasBattery) {
          report('host.battery', percent);
          report('host.on-battery', acConnected ? 0 : 1);
        }
      }
      if (!this.#hasTemperature) return;
      const { max, main } = await cpuTemperature();
      const hottest = max ?? main;
      if (typeof hottest === 'number') report('host.temperature', hottest);
    } catch {
      // A gap.
    }
  }
}

/** A battery of the machine itself, not of its mouse. */
function hasBattery(directory: string): boolean {
  return entries(directory).some(
    (name) =>
      text(`${directory}/${name}/type`) === 'Battery' && text(`${directory}/${name}/scope`) !== 'Device',
  );
}

function entries(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function text(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}
