import type { Guest } from '../../../qemu/guest.js';
import { type QmpDrive, setIoThrottle, type Throttle, throttleArguments } from '../../../qemu/index.js';
import type { Journal } from '../journal.js';
import type { UndoRecord } from '../undo-record.js';
import { driveThrottles, isThrottledSo, NOT_THROTTLED, OUR_GROUP } from './drive-throttles.js';
import type { GuestKnob, KnobReport, SettingOfKnob } from './guest-knob.js';
import type { MonitorReadings } from './monitor-readings.js';

interface OnRecord {
  readonly drive: QmpDrive;
  /** As its user had it. */
  readonly before: Throttle;
  readonly undo: UndoRecord;
  readonly record: number;
}

interface Governed {
  setting: SettingOfKnob<'disk'>;
  /** By the drive's address, as text. */
  readonly records: Map<string, OnRecord>;
}

const NO_DRIVE = {
  message: 'the guest has no drive that its monitor could throttle',
  fallback: 'there is nothing to limit; a drive that is plugged in is found within ten seconds',
};
const STOPPED = {
  message: 'the guest is stopped, and its monitor with it: its drives cannot be throttled now',
  fallback: 'it uses no disk either; set as soon as it runs',
};

/**
 * Limits of the drives of a guest, by QEMU's throttling: all of them in one group, so that they share what the guest may have.
 * Drives that are plugged in later are found at the next read-back.
 */
export class DiskKnob implements GuestKnob<'disk'> {
  readonly knob = 'disk';
  readonly #governed = new Map<string, Governed>();

  constructor(
    private readonly readings: MonitorReadings,
    private readonly journal: Journal,
  ) {}

  async set(guest: Guest, setting: SettingOfKnob<'disk'>): Promise<void> {
    const governed = this.#governed.get(guest.key) ?? { setting, records: new Map<string, OnRecord>() };
    governed.setting = setting;
    this.#governed.set(guest.key, governed);
    if (guest.stopped) return; // what is short of it is seen in `observe`, and set again
    await this.readings.change(guest, async ({ client, path }, { drives }) => {
      const before = drives.map((drive) => this.#remember(guest, path, governed, drive));
      const wanted = driveThrottles(setting, before);
      for (const [at, drive] of drives.entries()) {
        const throttle = wanted[at] ?? NOT_THROTTLED;
        if (!isThrottledSo(drive, throttle)) await setIoThrottle(client, drive, throttle);
      }
    });
  }

  async unset(guest: Guest): Promise<void> {
    const governed = this.#governed.get(guest.key);
    if (!governed) return;
    await this.readings.change(guest, async ({ client }, { drives }) => {
      for (const { drive, before } of governed.records.values()) {
        // One that is plugged out has nothing to be given back.
        if (!drives.some((one) => addressOf(one) === addressOf(drive))) continue;
        await setIoThrottle(client, drive, before);
      }
    });
    this.#drop(guest.key);
  }

  observe(guest: Guest): SettingOfKnob<'disk'> | null {
    const governed = this.#governed.get(guest.key);
    if (!governed) return null;
    const { setting, records } = governed;
    const drives = this.readings.latest(guest)?.drives;
    const before = drives?.map((drive) => this.#standing(records, drive)?.before ?? null);
    const short = { knob: 'disk', bytesPerSecond: null, iops: null } as const;
    if (!drives || !before?.every((one) => one !== null)) return short;
    const wanted = driveThrottles(setting, before);
    return drives.every((drive, at) => isThrottledSo(drive, wanted[at] ?? NOT_THROTTLED)) ? setting : short;
  }

  report(guest: Guest): KnobReport {
    if (!this.#governed.has(guest.key)) return {};
    const reading = this.readings.latest(guest);
    if (reading === null) return guest.stopped ? { notes: [STOPPED] } : {};
    const lacks = reading.drives.length === 0;
    const { driveUse, atNs } = reading;
    return { lacks, notes: lacks ? [NO_DRIVE] : [], use: { disk: { atNs, ...driveUse } } };
  }

  forget(key: string): void {
    this.#drop(key);
    this.readings.forget(key);
  }

  #drop(key: string): void {
    const governed = this.#governed.get(key);
    this.#governed.delete(key);
    for (const { record } of governed?.records.values() ?? []) this.journal.clear(record);
  }

  /** How its user had the drive throttled, written down before it is changed for the first time. */
  #remember(guest: Guest, socket: string, { records }: Governed, drive: QmpDrive): Throttle {
    const standing = this.#standing(records, drive);
    if (standing) return standing.before;
    // In our group already: a daemon left it so that could not give it back.
    const before = drive.throttle.group === OUR_GROUP ? NOT_THROTTLED : drive.throttle;
    const { pid, startTime } = guest;
    const request = { execute: 'block_set_io_throttle', arguments: throttleArguments(drive, before) };
    const undo = { operation: 'qmp', pid, startTime, socket, command: JSON.stringify(request) } as const;
    records.set(addressOf(drive), { drive, before, undo, record: this.journal.record(undo) });
    return before;
  }

  /** Not one that the guardian has undone. */
  #standing(records: Governed['records'], drive: QmpDrive): OnRecord | null {
    const found = records.get(addressOf(drive));
    return found && this.journal.standing(found.undo) ? found : null;
  }
}

const addressOf = ({ address }: QmpDrive): string => JSON.stringify(address);
