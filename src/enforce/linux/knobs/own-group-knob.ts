import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Guest } from '../../../qemu/guest.js';
import { managerOf } from '../../own-group.js';
import { cgroupPathOf } from '../cgroup-files.js';
import type { Journal } from '../journal.js';
import type { CgroupMounts } from '../mounts.js';
import { readStartTime } from '../task-stat.js';
import type { UndoRecord } from '../undo-record.js';
import { processesIn, unitPath } from '../unit-processes.js';
import { DirectTool } from './direct-tool.js';
import type { GroupTool } from './group-tool.js';
import type { GuestKnob, SettingOfKnob } from './guest-knob.js';
import { LibvirtTool } from './libvirt-tool.js';
import { type GroupState, groupsOf, readGroup } from './own-group-files.js';
import { SystemdTool } from './systemd-tool.js';

type OwnGroup = SettingOfKnob<'own-group'>;

interface Governed {
  readonly guest: Guest;
  readonly tool: GroupTool;
  readonly directory: string;
  readonly before: readonly UndoRecord[];
  /** Ids in the journal. */
  readonly records: readonly number[];
  readonly asked: OwnGroup;
  /** What the files said when it had been set: managers round. */
  readonly readBack: GroupState | null;
}

/** Managers apply what they are told a moment after they have answered. */
const PATIENCE_MS = 2000;
const STEP_MS = 20;
/** Relative: systemd takes hundredths of a percent of a core. */
const ROUNDING = 0.02;
/** Of cpu.shares: half of what systemd makes of one step of its own weights. */
const SHARES_STEP = 6;
const NOTHING: GroupState = { weight: null, quota: null };

/**
 * Weight and quota of the cgroup that a guest was placed in and stays in, by whoever manages it: systemd, libvirt, or nobody.
 * Only where it holds nothing but the guest.
 */
export class OwnGroupKnob implements GuestKnob<'own-group'> {
  readonly knob = 'own-group';
  readonly #governed = new Map<string, Governed>();

  constructor(
    private readonly mounts: CgroupMounts,
    private readonly journal: Journal,
  ) {}

  async set(guest: Guest, asked: OwnGroup): Promise<void> {
    const governed =
      this.#standing(guest.key) ?? this.#journalAgain(guest.key) ?? (await this.#govern(guest, asked));
    const wanted = { ...governed, asked, readBack: null };
    this.#governed.set(guest.key, wanted);
    await governed.tool.apply(guest, asked, governed.before);
    const readBack = await this.#untilApplied(wanted);
    this.#governed.set(guest.key, { ...wanted, readBack });
  }

  async unset(guest: Guest): Promise<void> {
    const governed = this.#governed.get(guest.key);
    if (governed) await this.#restore(governed);
    this.#clear(guest.key);
  }

  observe({ key }: Guest): OwnGroup | null {
    const governed = this.#standing(key);
    if (!governed) return null;
    const { asked, readBack } = governed;
    const now = this.#read(governed);
    return readBack !== null && sameState(now, readBack) ? asked : { knob: 'own-group', ...now };
  }

  /** A unit outlives a guest that it starts again: it is given back all the same. */
  forget(key: string): void {
    const governed = this.#standing(key);
    if (!governed) return;
    this.#governed.delete(key);
    const strike = () => governed.records.forEach((id) => void this.journal.clear(id));
    // Where that fails the record stays, and the guardian tries again at the end.
    this.#restore(governed).then(strike, () => {});
  }

  /** Whether the cgroup that the guest is in, or its unit, holds nothing else. */
  isAlone(guest: Guest): boolean {
    const directory = this.#directoryOf(guest);
    if (directory === null) return false;
    const processes = processesIn(directory);
    return processes.size === 1 && processes.has(guest.pid);
  }

  async #govern(guest: Guest, asked: OwnGroup): Promise<Governed> {
    const directory = this.#directoryOf(guest);
    if (directory === null || readStartTime(guest.pid) !== guest.startTime)
      throw Object.assign(new Error(`process ${guest.pid} has ended or is in no cgroup`), { code: 'ESRCH' });
    const manager = managerOf(guest);
    if (manager !== 'libvirt' && !this.isAlone(guest)) {
      throw Object.assign(new Error(`${guest.unit ?? guest.cgroup} holds other processes too`), {
        code: 'ENOTSUP',
      });
    }
    const version = this.mounts.version === 1 ? 1 : 2;
    const tool =
      manager === 'libvirt'
        ? new LibvirtTool(version)
        : manager === 'systemd'
          ? new SystemdTool(version)
          : new DirectTool(version, directory);
    const before = await tool.remember(guest);
    const records = before.map((undo) => this.journal.record(undo));
    return { guest, tool, directory, before, records, asked, readBack: null };
  }

  /**
   * The guardian has undone it, and something of ours that was still under way may have come after that: what was there
   * before is what was remembered first, not what is there now.
   */
  #journalAgain(key: string): Governed | undefined {
    const known = this.#governed.get(key);
    return known && { ...known, records: known.before.map((undo) => this.journal.record(undo)) };
  }

  #restore({ guest, tool, before }: Governed): Promise<void> {
    return tool.apply(guest, NOTHING, before);
  }

  async #untilApplied(governed: Governed): Promise<GroupState> {
    for (let waited = 0; ; waited += STEP_MS) {
      const now = this.#read(governed);
      if (isApplied(now, governed.asked)) return now;
      if (waited >= PATIENCE_MS) {
        throw Object.assign(new Error(`its manager took it and did not set it in ${governed.directory}`), {
          code: 'EIO',
        });
      }
      await delay(STEP_MS);
    }
  }

  #read({ directory }: Governed): GroupState {
    return readGroup(this.mounts.version === 1 ? 1 : 2, groupsOf(directory));
  }

  /** The group of the unit, or where there is none that of the process. */
  #directoryOf({ pid, unit }: Guest): string | null {
    const path = cgroupPathOf(`${pid}`, this.mounts.version === 1 ? 'cpu' : '');
    if (path === null || this.mounts.version === 0 || path === '/') return null;
    return join(this.mounts.cpu, (unit && unitPath(path, unit)) ?? path);
  }

  /** Undefined also where the guardian has undone it meanwhile. */
  #standing(key: string): Governed | undefined {
    const governed = this.#governed.get(key);
    return governed?.before.every((undo) => this.journal.standing(undo)) ? governed : undefined;
  }

  #clear(key: string): void {
    for (const id of this.#governed.get(key)?.records ?? []) this.journal.clear(id);
    this.#governed.delete(key);
  }
}

const sameState = (a: GroupState, b: GroupState): boolean =>
  a.weight === b.weight && a.quota?.quotaNs === b.quota?.quotaNs && a.quota?.periodNs === b.quota?.periodNs;

function isApplied(now: GroupState, { weight, quota }: GroupState): boolean {
  const rate = (one: GroupState['quota']) => (one ? Number(one.quotaNs) / Number(one.periodNs) : null);
  const [is, asked] = [rate(now.quota), rate(quota)];
  const quotaHolds = asked === null || (is !== null && is <= asked * 1.0001 && is >= asked * (1 - ROUNDING));
  const weightHolds =
    weight === null || (now.weight !== null && Math.abs(now.weight - weight) <= SHARES_STEP);
  return quotaHolds && weightHolds;
}
