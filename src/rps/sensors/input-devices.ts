import { closeSync, constants, openSync, readSync } from 'node:fs';
import { textOf } from './listing.js';

/** Bytes of a `struct input_event` are about 24: enough for some hundred at once. */
const SCRATCH = Buffer.alloc(4096);

/**
 * Keyboards and mice, by evdev: whether anything came from them since the last look. What came is thrown away unread. Devices
 * that may not be opened make it blind.
 */
export class InputDevices {
  readonly #procRoot: string;
  readonly #devRoot: string;
  readonly #open = new Map<string, number>();
  /** There is one that this user may not look at: no input from it is seen. */
  isBlind = false;

  constructor(procRoot = '/proc', devRoot = '/dev') {
    this.#procRoot = procRoot;
    this.#devRoot = devRoot;
  }

  /** Looks which devices there are now; to be called before the first look, and now and then. */
  refresh(): void {
    const present = new Set(inputDevicesIn(this.#procRoot));
    for (const name of this.#open.keys()) if (!present.has(name)) this.#drop(name);
    this.isBlind = false;
    for (const name of present) {
      if (this.#open.has(name)) continue;
      try {
        const flags = constants.O_RDONLY | constants.O_NONBLOCK;
        this.#open.set(name, openSync(`${this.#devRoot}/input/${name}`, flags));
      } catch {
        this.isBlind = true;
      }
    }
  }

  /** Whether there was input since the last look. */
  hadInput(): boolean {
    let had = false;
    for (const [name, descriptor] of this.#open) {
      if (this.#empty(name, descriptor)) had = true;
    }
    return had;
  }

  close(): void {
    for (const name of this.#open.keys()) this.#drop(name);
  }

  /** Reads until nothing is left; true if there was something. */
  #empty(name: string, descriptor: number): boolean {
    let had = false;
    try {
      while (readSync(descriptor, SCRATCH, 0, SCRATCH.length, null) > 0) had = true;
    } catch (error) {
      // EAGAIN: nothing (more) to be read. Else it was unplugged.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') this.#drop(name);
    }
    // What was typed is nobody's business.
    if (had) SCRATCH.fill(0);
    return had;
  }

  #drop(name: string): void {
    const descriptor = this.#open.get(name);
    if (descriptor !== undefined) closeSync(descriptor);
    this.#open.delete(name);
  }
}

/** Names below /dev/input of the devices that keys or a pointer are read from, by /proc/bus/input/devices. */
export function inputDevicesIn(procRoot: string): readonly string[] {
  return textOf(`${procRoot}/bus/input/devices`)
    .split('\n')
    .flatMap((line) => {
      const handlers = /^H: Handlers=(.*)$/.exec(line)?.[1]?.split(' ') ?? [];
      const isInput = handlers.some((handler) => handler === 'kbd' || /^mouse\d+$/.test(handler));
      return isInput ? handlers.filter((handler) => /^event\d+$/.test(handler)) : [];
    });
}
