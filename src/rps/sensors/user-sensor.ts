import { InputDevices } from './input-devices.js';
import type { Report } from './report.js';
import { Terminals } from './terminals.js';

/** A user counts as active for so long after the last input. */
const ACTIVE_FOR_NS = 60e9;
/** The kernel notes input of terminals to within 8 s: looking more often would see no more. */
const TERMINALS_EVERY_NS = 5e9;

/**
 * `user.idle` (seconds) and `user.active`: since the last input by keyboard, mouse or terminal. Where a keyboard may not be
 * looked at, they are reported only while a terminal shows input: nobody knows that a user whom one cannot see is idle. Before
 * any input was seen, the time is at least that for which it was looked for, and nothing is reported until that is a minute.
 */
export class UserSensor {
  readonly #devices: InputDevices;
  readonly #terminals: Terminals;
  #startNs: bigint | null = null;
  #lastNs: bigint | null = null;
  #terminalsAtNs: bigint | null = null;

  /** Where /proc and /dev are found. */
  constructor(procRoot = '/proc', devRoot = '/dev') {
    this.#devices = new InputDevices(procRoot, devRoot);
    this.#terminals = new Terminals(devRoot);
  }

  /** Looks which keyboards and mice there are now; to be called before the first sample, and now and then. */
  refresh(): void {
    this.#devices.refresh();
  }

  /** `atNs` is the monotonic clock now, `wallMs` the wall clock. */
  sample(atNs: bigint, wallMs: number, report: Report): void {
    this.#startNs ??= atNs;
    if (this.#devices.hadInput()) this.#lastNs = atNs;
    if (this.#terminalsAtNs === null || Number(atNs - this.#terminalsAtNs) >= TERMINALS_EVERY_NS) {
      this.#lookAtTerminals(atNs, wallMs);
    }
    const idleNs = Number(atNs - (this.#lastNs ?? this.#startNs));
    const isActive = this.#lastNs !== null && idleNs < ACTIVE_FOR_NS;
    const isKnown = isActive || (!this.#devices.isBlind && idleNs >= ACTIVE_FOR_NS);
    if (!isKnown) return;
    report('user.idle', idleNs / 1e9);
    report('user.active', isActive ? 1 : 0);
  }

  close(): void {
    this.#devices.close();
  }

  #lookAtTerminals(atNs: bigint, wallMs: number): void {
    const sinceMs = Number(atNs - (this.#terminalsAtNs ?? atNs)) / 1e6;
    this.#terminalsAtNs = atNs;
    const ageMs = this.#terminals.newInputAgeMs(wallMs, sinceMs);
    if (ageMs === null) return;
    const inputNs = atNs - BigInt(Math.round(ageMs * 1e6));
    if (this.#lastNs === null || inputNs > this.#lastNs) this.#lastNs = inputNs;
  }
}
