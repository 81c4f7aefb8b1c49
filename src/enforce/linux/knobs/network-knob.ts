import type { Guest } from '../../../qemu/guest.js';
import { isSameProcess, networkBackends } from '../../../qemu/index.js';
import type { Clock } from '../../../support/clock.js';
import type { ResourceUse } from '../../host.js';
import { errnoError } from '../errno-error.js';
import type { Journal } from '../journal.js';
import type { UndoRecord } from '../undo-record.js';
import type { GuestKnob, KnobReport, SettingOfKnob } from './guest-knob.js';
import { QdiscReadings } from './qdisc-readings.js';
import { devicesSeenBy, findNamespace, type NetworkNamespace, namespaceOf, tapsOf } from './tap-devices.js';
import { isRate, leadLines, shapeLine, type TapState, tapState, uploadDevice } from './tap-shaping.js';
import { runBatch } from './traffic-control.js';

type NetworkUndo = Extract<UndoRecord, { operation: 'qdisc' | 'link' }>;

interface Tap {
  readonly device: string;
  readonly namespace: NetworkNamespace;
}

interface Governed {
  setting: SettingOfKnob<'network'>;
  taps: readonly Tap[];
  lookedNs: bigint;
  /** Why what the guest sends is not limited on a tap, by its name. */
  readonly uploadProblems: Map<string, string>;
  /** By id in the journal, oldest first. */
  readonly records: Map<number, NetworkUndo>;
}

/** Devices that are plugged in are looked for this often. */
const LOOK_AGAIN_NS = 10_000_000_000n;
const ESRCH = -3;
const UNLIMITED: SettingOfKnob<'network'> = { knob: 'network', bytesPerSecond: Number.POSITIVE_INFINITY };

/**
 * Limits of a guest's network, at its tap devices: a token bucket for what is sent to the guest, and another one, at a device of
 * ours through which it is led, for what the guest sends. What somebody else has set on a tap device is left alone.
 */
export class NetworkKnob implements GuestKnob<'network'> {
  readonly knob = 'network';
  readonly #governed = new Map<string, Governed>();
  readonly #qdiscs: QdiscReadings;

  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {
    this.#qdiscs = new QdiscReadings(clock);
  }

  async set(guest: Guest, setting: SettingOfKnob<'network'>): Promise<void> {
    const governed = this.#governed.get(guest.key) ?? {
      setting,
      taps: [],
      lookedNs: 0n,
      uploadProblems: new Map<string, string>(),
      records: new Map<number, NetworkUndo>(),
    };
    governed.setting = setting;
    this.#governed.set(guest.key, governed);
    governed.uploadProblems.clear();
    this.#look(guest, governed);
    try {
      for (const tap of governed.taps) await this.#shape(governed, tap);
    } catch (error) {
      if (isSameProcess(guest.pid, guest.startTime)) throw error;
      throw errnoError(ESRCH, `guest ${guest.key} has ended`);
    }
  }

  async unset(guest: Guest): Promise<void> {
    const governed = this.#governed.get(guest.key);
    if (!governed) return;
    await this.#giveBack(governed);
    this.#governed.delete(guest.key);
  }

  observe(guest: Guest): SettingOfKnob<'network'> | null {
    const governed = this.#governed.get(guest.key);
    if (!governed) return null;
    if (this.clock.monotonicNs() - governed.lookedNs >= LOOK_AGAIN_NS) this.#look(guest, governed);
    const rate = rateOf(governed);
    const standing = [...governed.records.values()].every((undo) => this.journal.standing(undo));
    const inForce = governed.taps.every((tap) => {
      const state = this.#stateOf(tap);
      if (state === null) return false;
      const isSo = (found: TapState['download']) => found === 'foreign' || isRate(found, rate);
      return isSo(state.download) && (isSo(state.upload) || governed.uploadProblems.has(tap.device));
    });
    return standing && inForce ? governed.setting : UNLIMITED;
  }

  report(guest: Guest): KnobReport {
    const governed = this.#governed.get(guest.key);
    if (!governed) return {};
    const { taps, uploadProblems } = governed;
    if (taps.length === 0) return { lacks: true, notes: notesWithoutTap(guest) };
    const foreign = taps.flatMap((tap) => {
      const state = this.#stateOf(tap);
      return (['download', 'upload'] as const).flatMap((direction) =>
        state?.[direction] === 'foreign' ? [foreignNote(tap.device, direction)] : [],
      );
    });
    const problems = [...uploadProblems].map(([device, problem]) => ({
      message: `what the guest sends by ${device} cannot be limited: ${problem}`,
      fallback: 'only what it receives is limited',
    }));
    return { notes: [...foreign, ...problems], use: this.#use(guest, taps) };
  }

  forget(key: string): void {
    const governed = this.#governed.get(key);
    this.#governed.delete(key);
    // Its tap device may be somebody's who keeps it, and the device for what it sent is ours. What fails stays in the journal.
    if (governed) void this.#giveBack(governed).catch(() => {});
  }

  #look(guest: Guest, governed: Governed): void {
    governed.lookedNs = this.clock.monotonicNs();
    governed.taps = tapsOf(guest.pid).flatMap((device) => {
      const namespace = namespaceOf(guest.pid, device);
      return namespace ? [{ device, namespace }] : [];
    });
  }

  #stateOf({ device, namespace }: Tap): TapState | null {
    const qdiscs = this.#qdiscs.latest(namespace);
    return qdiscs && tapState(qdiscs, device);
  }

  async #shape(governed: Governed, tap: Tap): Promise<void> {
    const { device, namespace } = tap;
    const rate = rateOf(governed);
    const state = tapState(await this.#qdiscs.read(namespace), device);
    const { inode } = namespace;
    if (state.download !== 'foreign' && !isRate(state.download, rate)) {
      this.#record(governed, { operation: 'qdisc', namespace: inode, device, parent: 'root', target: '' });
      await runBatch(namespace, 'tc', [shapeLine(device, rate)]);
    }
    if (state.upload !== 'foreign' && !isRate(state.upload, rate)) {
      try {
        await this.#shapeUpload(governed, tap, rate, state.upload !== null);
      } catch (error) {
        governed.uploadProblems.set(device, error instanceof Error ? error.message : String(error));
      }
    }
    await this.#qdiscs.read(namespace);
  }

  async #shapeUpload(governed: Governed, tap: Tap, rate: number, isLed: boolean): Promise<void> {
    const { device, namespace } = tap;
    const through = uploadDevice(device);
    const { inode } = namespace;
    this.#record(governed, { operation: 'link', namespace: inode, device: through });
    this.#record(governed, {
      operation: 'qdisc',
      namespace: inode,
      device,
      parent: 'ingress',
      target: through,
    });
    if (!isLed) {
      // What is left of an earlier one, half there, would be in the way.
      await runBatch(namespace, 'tc', [`qdisc del dev ${device} ingress`]).catch(() => {});
      await runBatch(namespace, 'ip', [`link del dev ${through}`]).catch(() => {});
      await runBatch(namespace, 'ip', [`link add dev ${through} type ifb`, `link set dev ${through} up`]);
    }
    await runBatch(namespace, 'tc', [shapeLine(through, rate), ...(isLed ? [] : leadLines(device))]);
  }

  #record(governed: Governed, undo: NetworkUndo): void {
    governed.records.set(this.journal.record(undo), undo);
  }

  /** Rejects where something is refused; that stays in the journal, with all that is older. */
  async #giveBack({ records }: Governed): Promise<void> {
    for (const [id, undo] of [...records].reverse()) {
      const namespace = findNamespace(undo.namespace);
      if (namespace && this.journal.standing(undo)) await this.#undo(namespace, undo);
      this.journal.clear(id);
      records.delete(id);
      if (namespace) await this.#qdiscs.read(namespace).catch(() => {});
    }
  }

  async #undo(namespace: NetworkNamespace, undo: NetworkUndo): Promise<void> {
    try {
      if (undo.operation === 'link') {
        await runBatch(namespace, 'ip', [`link del dev ${undo.device}`]);
        return;
      }
      const state = tapState(await this.#qdiscs.read(namespace), undo.device);
      const found = undo.parent === 'root' ? state.download : state.upload;
      if (typeof found !== 'number') return; // taken away, or replaced by somebody else's
      await runBatch(namespace, 'tc', [`qdisc del dev ${undo.device} ${undo.parent}`]);
    } catch (error) {
      // With the device, all that was set on it is gone.
      if ((error as NodeJS.ErrnoException).code !== 'ENODEV') throw error;
    }
  }

  #use(guest: Guest, taps: readonly Tap[]): ResourceUse {
    let [inBytes, outBytes] = [0, 0];
    for (const { device, namespace } of taps) {
      const devices = devicesSeenBy(namespace.path === null ? 'self' : `${guest.pid}`);
      inBytes += devices.get(device)?.sentBytes ?? 0;
      // What came through, where it is led through a device of ours: the tap counts also what is dropped there.
      outBytes += devices.get(uploadDevice(device))?.sentBytes ?? devices.get(device)?.receivedBytes ?? 0;
    }
    return { network: { atNs: this.clock.monotonicNs(), inBytes, outBytes } };
  }
}

/** Of each of its devices. */
const rateOf = ({ setting, taps }: Governed): number =>
  Math.max(1, Math.floor(setting.bytesPerSecond / Math.max(taps.length, 1)));

const foreignNote = (device: string, direction: 'download' | 'upload') => ({
  message: `what the guest ${direction === 'download' ? 'receives' : 'sends'} by ${device} is shaped by somebody else already`,
  fallback: `that is left as it is; \`tc qdisc show dev ${device}\` shows it, and without it ours is set`,
});

function notesWithoutTap({ commandLine }: Guest): readonly { message: string; fallback: string }[] {
  const others = networkBackends(commandLine);
  if (others.length === 0) return []; // it has no network
  return [
    {
      message: `the guest's network (${others.join(', ')}) has no tap device that could be limited`,
      fallback: 'its network is not limited: start it with `-netdev tap`, or a bridge',
    },
  ];
}
