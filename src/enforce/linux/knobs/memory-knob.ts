import { totalmem } from 'node:os';
import type { Guest } from '../../../qemu/guest.js';
import { QmpError, setBalloon } from '../../../qemu/index.js';
import { readProcDirectory, readProcLink } from '../../../qemu/proc-files.js';
import type { Clock } from '../../../support/clock.js';
import type { Journal } from '../journal.js';
import type { UndoRecord } from '../undo-record.js';
import type { GuestKnob, KnobReport, SettingOfKnob } from './guest-knob.js';
import {
  balloonTarget,
  hasFollowed,
  isTight,
  nextLimit,
  overheadBytes,
  type QemuProcess,
  wantedLimit,
} from './memory-amounts.js';
import type { MemoryGroups } from './memory-groups.js';
import type { MonitorReadings, TimedReading } from './monitor-readings.js';

interface Governed {
  setting: SettingOfKnob<'memory'>;
  readonly process: QemuProcess;
  /** The balloon, as its user had it; null: not touched. */
  balloon: { readonly beforeBytes: number; readonly undo: UndoRecord; readonly record: number } | null;
  /** What the balloon was last asked for, when, and since when just that. */
  asked: { readonly bytes: number; readonly atNs: bigint; readonly sinceNs: bigint } | null;
  monitorProblem: string | null;
}

/** A balloon that has not followed by then has no driver in the guest, or one that does not care. */
const PATIENCE_NS = 30_000_000_000n;
const ASK_AGAIN_NS = 10_000_000_000n;
const MIB = 2 ** 20;

/**
 * Memory of a guest: its balloon is asked to give back what is above the ceiling; when it has, the cgroup holds it there. The
 * limit of the cgroup is never set close to what the guest uses, but tightened over the steps.
 */
export class MemoryKnob implements GuestKnob<'memory'> {
  readonly knob = 'memory';
  readonly #governed = new Map<string, Governed>();

  /** `groups` null: this host, or user, cannot limit the memory of cgroups. */
  constructor(
    private readonly readings: MonitorReadings,
    private readonly groups: MemoryGroups | null,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  async set(guest: Guest, setting: SettingOfKnob<'memory'>): Promise<void> {
    const governed = this.#governed.get(guest.key) ?? {
      setting,
      process: { usesKvm: usesKvm(guest), hostBytes: totalmem() },
      balloon: null,
      asked: null,
      monitorProblem: null,
    };
    governed.setting = setting;
    this.#governed.set(guest.key, governed);
    const isGrouped = this.groups?.enter(guest) ?? false;
    // A limit that is to rise rises before the balloon lets the guest grow; one that is to fall waits for it.
    this.#limit(guest, governed);
    try {
      governed.monitorProblem = null;
      await this.#inflate(guest, governed);
    } catch (error) {
      if (!(error instanceof QmpError) || !isGrouped) throw error;
      governed.monitorProblem = error.message;
    }
    this.#limit(guest, governed);
    if (this.groups !== null || this.#balloonBytes(guest) !== null || guest.stopped) return;
    throw Object.assign(new Error('the guest has no balloon, and cgroups cannot limit memory here'), {
      code: 'ENOTSUP',
    });
  }

  async unset(guest: Guest): Promise<void> {
    const governed = this.#governed.get(guest.key);
    if (!governed) return;
    this.groups?.leave(guest);
    const { balloon } = governed;
    if (balloon && this.journal.standing(balloon.undo)) {
      await this.readings.change(guest, ({ client }) => setBalloon(client, balloon.beforeBytes));
    }
    this.#drop(guest.key);
  }

  observe(guest: Guest): SettingOfKnob<'memory'> | null {
    const governed = this.#governed.get(guest.key);
    if (!governed) return null;
    const { setting } = governed;
    const bounds = this.groups?.observe(guest) ?? null;
    const reading = this.readings.latest(guest);
    const balloon = reading?.balloonBytes ?? null;
    const target = this.#target(governed);
    const isKnown = reading !== null || governed.monitorProblem !== null || guest.qmpSockets.length === 0;
    const hasShrunk =
      balloon === null ? isKnown && bounds !== null : target !== null && hasFollowed(balloon, target);
    const isHeld =
      bounds === null ||
      (bounds.ceilingBytes !== null && isTight(bounds.ceilingBytes, wantedLimit(setting, governed.process)));
    const isCeiling = setting.ceilingBytes === null || (hasShrunk && isHeld);
    // Where the kernel has no floors a finding says so, and setting it again would not help.
    const isFloor =
      !this.groups?.hasFloors || bounds === null || bounds.floorBytes === (setting.floorBytes ?? 0);
    return {
      knob: 'memory',
      ceilingBytes: isCeiling ? setting.ceilingBytes : (balloon ?? Number.POSITIVE_INFINITY),
      floorBytes: isFloor ? setting.floorBytes : (bounds?.floorBytes ?? null),
    };
  }

  report(guest: Guest): KnobReport {
    const governed = this.#governed.get(guest.key);
    if (!governed) return {};
    const reading = this.readings.latest(guest);
    const bounds = this.groups?.observe(guest) ?? null;
    const bytes = reading?.balloonBytes ?? bounds?.usedBytes ?? reading?.memoryBytes;
    const atNs = reading?.atNs ?? this.clock.monotonicNs();
    return {
      notes: [...this.#ceilingNotes(guest, governed, reading), ...this.#groupNotes(guest, governed.setting)],
      ...(bytes !== undefined && { use: { memory: { atNs, bytes } } }),
    };
  }

  forget(key: string): void {
    this.#drop(key);
    this.readings.forget(key);
  }

  #drop(key: string): void {
    const governed = this.#governed.get(key);
    this.#governed.delete(key);
    if (governed?.balloon) this.journal.clear(governed.balloon.record);
    this.groups?.forget(key);
  }

  async #inflate(guest: Guest, governed: Governed): Promise<void> {
    if (guest.stopped || guest.qmpSockets.length === 0) return;
    const nowNs = this.clock.monotonicNs();
    const { asked } = governed;
    const standing = governed.balloon !== null && this.journal.standing(governed.balloon.undo);
    const isSame = asked !== null && standing && asked.bytes === this.#target(governed);
    if (isSame && nowNs - asked.atNs < ASK_AGAIN_NS) return;
    await this.readings.change(guest, async ({ client, path }, { balloonBytes }) => {
      if (balloonBytes === null) return;
      if (!standing) governed.balloon = this.#remember(guest, path, balloonBytes);
      const bytes = this.#target(governed) ?? balloonBytes;
      governed.asked = { bytes, atNs: nowNs, sinceNs: isSame ? asked.sinceNs : nowNs };
      if (balloonBytes !== bytes) await setBalloon(client, bytes);
    });
  }

  /** How its user had the balloon, written down before it is changed for the first time. */
  #remember(guest: Guest, socket: string, beforeBytes: number): NonNullable<Governed['balloon']> {
    const { pid, startTime } = guest;
    const command = JSON.stringify({ execute: 'balloon', arguments: { value: beforeBytes } });
    const undo = { operation: 'qmp', pid, startTime, socket, command } as const;
    return { beforeBytes, undo, record: this.journal.record(undo) };
  }

  #limit(guest: Guest, governed: Governed): void {
    const { setting, process } = governed;
    const bounds = this.groups?.observe(guest) ?? null;
    if (!this.groups || bounds === null) return;
    const floorBytes = setting.floorBytes ?? 0;
    if (bounds.floorBytes !== floorBytes) this.groups.setFloor(guest, floorBytes);
    if (setting.ceilingBytes === null) {
      if (bounds.ceilingBytes !== null) this.groups.setCeiling(guest, null, null);
      return;
    }
    // What the balloon has not given back yet, the guest may touch at any time.
    const balloon = this.#isAwaited(governed) ? (this.#balloonBytes(guest) ?? 0) : 0;
    const held = balloon + overheadBytes(balloon, process);
    const limit = nextLimit(Math.max(wantedLimit(setting, process), held), bounds.usedBytes);
    const hardLimit = limit + overheadBytes(0, process);
    if (bounds.ceilingBytes !== limit) this.groups.setCeiling(guest, limit, hardLimit);
  }

  #target({ setting, balloon }: Governed): number | null {
    return balloon && balloonTarget(setting, balloon.beforeBytes);
  }

  #balloonBytes(guest: Guest): number | null {
    return this.readings.latest(guest)?.balloonBytes ?? null;
  }

  #isAwaited({ asked }: Governed): boolean {
    return asked === null || this.clock.monotonicNs() - asked.sinceNs < PATIENCE_NS;
  }

  #ceilingNotes(
    guest: Guest,
    governed: Governed,
    reading: TimedReading | null,
  ): NonNullable<KnobReport['notes']> {
    const { setting, monitorProblem, asked } = governed;
    if (setting.ceilingBytes === null) return [];
    const fallback =
      'its cgroup alone limits it: beyond that the kernel swaps it out, or ends it where it can do neither that nor drop caches';
    if (guest.stopped && reading === null) {
      return [{ message: 'the guest is stopped: its balloon is asked when it runs again', fallback }];
    }
    if (guest.qmpSockets.length === 0) {
      return [{ message: 'the guest has no monitor by which its balloon could be asked', fallback }];
    }
    if (monitorProblem !== null) {
      return [{ message: `the guest's balloon cannot be asked: ${monitorProblem}`, fallback }];
    }
    if (reading === null) return [];
    if (reading.balloonBytes === null) {
      const message = 'the guest has no balloon device: memory that it holds cannot be asked back';
      return [{ message, fallback: `${fallback} (start it with \`-device virtio-balloon\`)` }];
    }
    if (asked === null || this.#isAwaited(governed) || hasFollowed(reading.balloonBytes, asked.bytes))
      return [];
    const [has, is] = [reading.balloonBytes, asked.bytes].map((bytes) => Math.round(bytes / MIB));
    const message = `the guest's balloon was asked to leave it ${is} MiB and leaves it ${has}: no driver in it, or one that does not follow`;
    return [{ message, fallback: `asked again every ten seconds; meanwhile ${fallback}` }];
  }

  #groupNotes(
    guest: Guest,
    { ceilingBytes, floorBytes }: Governed['setting'],
  ): NonNullable<KnobReport['notes']> {
    const isGrouped = this.groups?.canEnter(guest) ?? false;
    const notes = [];
    if (ceilingBytes !== null && !isGrouped) {
      notes.push({
        message: 'the guest is in no cgroup of its own: nothing but its balloon holds it',
        fallback: 'a guest that ignores its balloon, or has none, is not limited',
      });
    }
    if (floorBytes !== null && !(isGrouped && this.groups?.hasFloors)) {
      notes.push({
        message:
          'memory that is promised to the guest is not protected from others: that takes a group of cgroup v2',
        fallback:
          'its balloon is never asked for that memory; the kernel may swap it out when memory is short',
      });
    }
    return notes;
  }
}

/** QEMU holds a descriptor of the virtual machine that KVM made for it, or translates all code itself. */
function usesKvm({ pid }: Guest): boolean {
  const directory = `/proc/${pid}/fd`;
  return (readProcDirectory(directory) ?? []).some((name) => {
    const link = readProcLink(`${directory}/${name}`);
    return 'target' in link && link.target === 'anon_inode:kvm-vm';
  });
}
