import type { Guest } from '../../qemu/guest.js';
import type { Action, GroupPath, GuestSetting, Knob, KnobNote } from '../host.js';
import type { FairGroup } from './fair-group.js';
import type { SimulatedKernel } from './kernel.js';
import type { Behaviour, Task } from './task.js';

/** What to boot. Only the name must be given: one busy vCPU, and a main loop that sleeps, otherwise. */
export interface GuestSpec {
  readonly name: string | null;
  readonly user?: string;
  readonly uuid?: string;
  readonly unit?: string;
  readonly cgroup?: string;
  readonly arguments?: readonly string[];
  readonly vcpus?: readonly Behaviour[];
  readonly mainLoop?: Behaviour;
  readonly vcpuSource?: Guest['vcpuSource'];
  readonly hasTerminal?: boolean;
  /** Another user's, and beyond the signals of the daemon's. */
  readonly unstoppable?: true;
  /** It has no drive, or no tap device: these knobs have nothing to act on. Default: it has both. */
  readonly lacks?: readonly ('disk' | 'network')[];
  /** Its memory can be taken back. Default true. */
  readonly balloon?: boolean;
}

/** What a real host says of a guest on which a setting acts in part, or not at all. */
const SHORTCOMINGS: Readonly<Record<'memory' | 'disk' | 'network', Omit<KnobNote, 'knob'>>> = {
  memory: { message: 'the guest has no balloon', fallback: 'its cgroup alone limits it' },
  disk: { message: 'the guest has no drive', fallback: 'there is nothing to limit' },
  network: { message: 'the guest has no tap device', fallback: 'its network is not limited' },
};

/** A QEMU process of the simulated host: its threads, and who stopped it. */
export class SimulatedGuest {
  readonly key: string;
  readonly pid: number;
  readonly main: Task;
  readonly vcpus: readonly Task[];
  readonly home: FairGroup;
  readonly #spec: GuestSpec;
  readonly #startTime: bigint;
  readonly #kernel: SimulatedKernel;
  /** Below our slice; null: where it was found. */
  group: GroupPath | null = null;
  /** Our timing thread stopped it, and nobody has continued it since. */
  heldByUs = false;
  /** Its user stopped it while it ran, and has not continued it. */
  stoppedByUser = false;
  /** While a timetable names it. */
  allowedNs = 0;
  stoppedNs = 0;
  /** When it was asked to power down, in monotonic time; it does not care. */
  powerDownNs: bigint | null = null;
  readonly #settings = new Map<Knob, GuestSetting>();

  constructor(kernel: SimulatedKernel, pid: number, spec: GuestSpec, home: FairGroup) {
    this.#kernel = kernel;
    this.#spec = spec;
    this.#startTime = BigInt(Math.floor(kernel.nowNs / 1e7));
    this.pid = pid;
    this.key = `${pid}-${this.#startTime}`;
    this.home = home;
    this.main = kernel.spawn(pid, spec.mainLoop ?? 'idle', home);
    this.vcpus = (spec.vcpus ?? ['busy']).map((behaviour, at) => kernel.spawn(pid + 1 + at, behaviour, home));
  }

  get unstoppable(): boolean {
    return this.#spec.unstoppable === true;
  }

  get tasks(): readonly Task[] {
    return [this.main, ...this.vcpus];
  }

  get stopped(): boolean {
    return this.main.stopped;
  }

  get name(): string | null {
    return this.#spec.name;
  }

  /** SIGSTOP or SIGCONT, to all threads. */
  signal(stop: boolean): void {
    for (const task of this.tasks) this.#kernel.signal(task, stop);
  }

  moveTo(group: FairGroup, path: GroupPath | null): void {
    for (const task of this.tasks) this.#kernel.move(task, group);
    this.group = path;
  }

  /** What is set on it: recorded, and but for real-time priority of no effect on its model. */
  get settings(): readonly GuestSetting[] {
    return [...this.#settings.values()];
  }

  get lacks(): readonly Knob[] {
    return this.#spec.lacks ?? [];
  }

  /** Of the settings that act on it in part, or not at all. */
  get notes(): readonly KnobNote[] {
    const short = [
      ...(this.#spec.lacks ?? []),
      ...(this.#spec.balloon === false ? (['memory'] as const) : []),
    ];
    return short.filter((knob) => this.#settings.has(knob)).map((knob) => ({ knob, ...SHORTCOMINGS[knob] }));
  }

  turn(action: Extract<Action, { kind: 'set-knob' | 'unset-knob' }>): void {
    if (action.kind === 'set-knob') this.#settings.set(action.setting.knob, action.setting);
    else this.#settings.delete(action.knob);
    const priority = this.#settings.get('priority');
    for (const task of this.tasks) {
      this.#kernel.setPriority(task, priority?.knob === 'priority' ? priority.priority : 0);
    }
  }

  exit(): void {
    for (const task of this.tasks) this.#kernel.exit(task);
  }

  /** As a scan of the host sees it; its cgroup and unit change when it is gathered, as they do on Linux. */
  seen(): Guest {
    const { name, user, uuid, unit, cgroup } = this.#spec;
    const known = this.#spec.vcpuSource !== 'none';
    return {
      key: this.key,
      pid: this.pid,
      startTime: this.#startTime,
      name,
      uuid: uuid ?? null,
      user: user ?? 'alice',
      uid: 1000,
      unit: this.group === null ? (unit ?? null) : null,
      cgroup: this.group === null ? (cgroup ?? '/') : `/${['vmc', ...this.group].join('/')}`,
      commandLine: [
        'qemu-system-x86_64',
        ...(name === null ? [] : ['-name', name]),
        ...(this.#spec.arguments ?? []),
      ],
      hasTerminal: this.#spec.hasTerminal ?? false,
      qmpSockets: [],
      vcpus: known ? this.vcpus.map(({ tid }, index) => ({ index, tid, startTime: this.#startTime })) : [],
      vcpuSource: known ? (this.#spec.vcpuSource ?? 'qmp') : 'none',
      stopped: this.stopped,
    };
  }
}
