import type { Guest } from '../../../qemu/guest.js';
import type { GuestSetting, Knob } from '../../host.js';
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

  observe(guest: Guest): readonly GuestSetting[] {
    return [...this.#knobs.values()].flatMap((one) => one.observe(guest) ?? []);
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
