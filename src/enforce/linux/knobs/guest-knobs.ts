import type { Guest } from '../../../qemu/guest.js';
import type { GuestSetting, Knob, ObservedGuest } from '../../host.js';
import type { GuestKnob } from './guest-knob.js';

/** The knobs that this host has, by name. */
export class GuestKnobs {
  readonly #knobs: ReadonlyMap<Knob, GuestKnob>;

  constructor(knobs: readonly GuestKnob[]) {
    this.#knobs = new Map(knobs.map((one) => [one.knob, one]));
  }

  /** Rejects with ENOTSUP where the host has no such knob. */
  async set(guest: Guest, setting: GuestSetting): Promise<void> {
    await this.#require(setting.knob).set(guest, setting);
  }

  async unset(guest: Guest, knob: Knob): Promise<void> {
    await this.#require(knob).unset(guest);
  }

  /** What is in force on the guest, and what its knobs have to say of it. */
  observe(guest: Guest): Pick<ObservedGuest, 'settings' | 'notes' | 'lacks' | 'use'> {
    const settings = [...this.#knobs.values()].flatMap((one) => one.observe(guest) ?? []);
    const reports = [...this.#knobs.values()].flatMap((one) => {
      const report = one.report?.(guest);
      return report ? [{ knob: one.knob, ...report }] : [];
    });
    return {
      settings,
      notes: reports.flatMap(({ knob, notes = [] }) => notes.map((note) => ({ knob, ...note }))),
      lacks: reports.filter(({ lacks }) => lacks).map(({ knob }) => knob),
      use: Object.assign({}, ...reports.map(({ use }) => use)),
    };
  }

  /** Gives back all that is set on the guest; what one knob refuses keeps none of the others. */
  async release(guest: Guest): Promise<void> {
    const set = [...this.#knobs.values()].filter((one) => one.observe(guest) !== null);
    const results = await Promise.allSettled(set.map((one) => one.unset(guest)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  forget(key: string): void {
    for (const one of this.#knobs.values()) one.forget(key);
  }

  #require(knob: Knob): GuestKnob {
    const found = this.#knobs.get(knob);
    if (found) return found;
    throw Object.assign(new Error(`this host has no way to set ${knob}`), { code: 'ENOTSUP' });
  }
}
