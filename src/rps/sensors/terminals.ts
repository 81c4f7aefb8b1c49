import { statSync } from 'node:fs';
import { namesIn } from './listing.js';

/** Looks between two listings. */
const LISTED_EVERY = 6;

/**
 * When something was last typed in a terminal: the kernel sets a terminal's access time whenever something is read from it, to
 * within 8 s (`tty_update_time`). As `w` does.
 */
export class Terminals {
  readonly #devRoot: string;
  #paths: readonly string[] = [];
  #untilListing = 0;
  readonly #accessMs = new Map<string, number>();

  constructor(devRoot = '/dev') {
    this.#devRoot = devRoot;
  }

  /**
   * Age of the newest input that was not there at the last look, ms; null: nothing new. A terminal that is seen for the first
   * time had its input when the wall clock, which shows `wallMs`, says; another after the last look, `sinceMs` ago, whatever that
   * clock says. Never negative.
   */
  newInputAgeMs(wallMs: number, sinceMs: number): number | null {
    if (this.#untilListing-- <= 0) {
      this.#paths = terminalsIn(this.#devRoot);
      this.#untilListing = LISTED_EVERY;
      const present = new Set(this.#paths);
      for (const path of this.#accessMs.keys()) if (!present.has(path)) this.#accessMs.delete(path);
    }
    let age: number | null = null;
    for (const path of this.#paths) {
      const atMs = statSync(path, { throwIfNoEntry: false })?.atimeMs;
      const beforeMs = this.#accessMs.get(path);
      if (atMs === undefined || beforeMs === atMs) continue;
      this.#accessMs.set(path, atMs);
      const mostMs = beforeMs === undefined ? Number.POSITIVE_INFINITY : sinceMs;
      age = Math.min(age ?? mostMs, Math.max(0, wallMs - atMs), mostMs);
    }
    return age;
  }
}

function terminalsIn(devRoot: string): readonly string[] {
  return [
    ...namesIn(devRoot)
      .filter((name) => /^(?:tty(?:[1-9]|1[0-2])|ttyS[0-3]|hvc0)$/.test(name))
      .map((name) => `${devRoot}/${name}`),
    ...namesIn(`${devRoot}/pts`)
      .filter((name) => /^\d+$/.test(name))
      .map((name) => `${devRoot}/pts/${name}`),
  ];
}
