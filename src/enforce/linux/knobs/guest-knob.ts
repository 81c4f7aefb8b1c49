import type { Guest } from '../../../qemu/guest.js';
import type { GuestSetting, Knob, KnobNote, ResourceUse } from '../../host.js';

export type SettingOfKnob<K extends Knob> = Extract<GuestSetting, { knob: K }>;

/** What a knob found of a guest, beside what is in force. */
export interface KnobReport {
  /** There is nothing on the guest that it could act on. */
  readonly lacks?: boolean;
  readonly notes?: readonly Omit<KnobNote, 'knob'>[];
  readonly use?: ResourceUse;
}

/**
 * One thing that can be set on a guest of this machine.
 *
 * Contract: `set` writes to the journal what undoes it before it changes anything, is idempotent, reads back what it set, and
 * throws an errno error (`error.code`) where the host refuses, with nothing half done. `unset` gives back what was there
 * before the first `set` and clears the journal's records. The process of a guest that has ended is no error of theirs
 * (ESRCH). A guest's monitor that hangs keeps neither of them longer than its time-out.
 */
export interface GuestKnob<K extends Knob = Knob> {
  readonly knob: K;
  set(guest: Guest, setting: SettingOfKnob<K>): Promise<void>;
  unset(guest: Guest): Promise<void>;
  /**
   * What is in force of ours, as last read back; null: nothing. What is short of what was set is set again in the next step.
   * Called in every step: reads files of the kernel at once, and asks a guest's monitor in the background, at most every ten
   * seconds and never waiting for it.
   */
  observe(guest: Guest): SettingOfKnob<K> | null;
  /** As of the last `observe`, which is called first; absent: there is never anything to report. */
  report?(guest: Guest): KnobReport;
  /** The guest has ended: forgets it, and clears its records. */
  forget(key: string): void;
}
