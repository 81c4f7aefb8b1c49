import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StartedGuest, startGuest } from '../../../../guests/start-guest.js';
import { bootId } from '../../../../src/enforce/linux/boot-id.js';
import { releaseNow } from '../../../../src/enforce/linux/guardian.js';
import { freeDeadlineBandwidth } from '../../../../src/enforce/linux/host-facts.js';
import { readPending } from '../../../../src/enforce/linux/journal.js';
import { readTaskStat } from '../../../../src/enforce/linux/task-stat.js';
import { QmpClient } from '../../../../src/qemu/index.js';
import {
  accepted,
  type CampaignInput,
  failed,
  type Trial,
  type Verdict,
} from '../../../grammar/campaigns/campaign.js';
import type { Random } from '../../../grammar/random.js';
import { until } from '../../../support/guests/until.js';
import { elapse, leftGroups, stateOf } from '../real-host.js';
import { bundleEnforcingProcess, DaemonUnderTest } from './daemon-under-test.js';
import { differences, monitorState, processState } from './guest-state.js';

/** What is done to whom, and when. */
export const KINDS = [
  'SIGKILL while starting',
  'SIGKILL while changing mode',
  'SIGKILL while reloading',
  'SIGKILL while stopping',
  'SIGTERM while starting',
  'SIGTERM while changing mode',
  'SIGSTOP, then SIGKILL',
  'SIGSTOP, then SIGCONT',
  'SIGKILL of the guardian, then of the daemon',
  'SIGKILL of both',
  'SIGKILL of a guest',
  'cgroup removed underneath',
  'disk full',
  'read-only state directory',
  'second daemon',
  'reused pid',
  'monitor hangs',
  'monitor floods',
  'monitor sends garbage',
  'monitor closes half-way',
] as const;
type Kind = (typeof KINDS)[number];

/** No instant of this is left out: it is longer than anything that is timed. */
const WINDOW_MS = 500;
/** What the guardian promises: no guest stopped after 1 s; told apart from a daemon that hangs, which takes it 1 s to notice. */
const AS_IT_WAS_MS = 10_000;
const BANDWIDTH_TOLERANCE = 1000;
const GOVERNED = ['reserved', 'cycled', 'shared', 'throttled', 'stopped'];

/** Real guests that outlive all inputs of a campaign, one daemon after the other, and one fault for each. */
export class KillTrial implements Trial {
  readonly #sliceName = `vmc-kills-${process.pid}.slice`;
  readonly #guests = new Map<string, StartedGuest>();
  readonly #before = new Map<string, ReadonlyMap<string, string>>();
  readonly #monitors = new Map<string, string>();
  readonly #program: string;
  /** Of the input under way. */
  readonly #daemons: DaemonUnderTest[] = [];
  #free = 0;
  #directory = '';

  private constructor(
    program: string,
    private readonly kinds: readonly Kind[],
  ) {
    this.#program = program;
  }

  static async begin(kinds: readonly Kind[] = KINDS): Promise<KillTrial> {
    const trial = new KillTrial(await bundleEnforcingProcess(), kinds);
    trial.#free = await freeDeadlineBandwidth();
    // One at a time: the machine must not be busier than the guests' users have it.
    for (const name of [...GOVERNED, 'paused']) await trial.#boot(name);
    return trial;
  }

  async end(): Promise<void> {
    await Promise.all([...this.#guests.values()].map((guest) => guest.stop()));
    rmSync(this.#program, { force: true });
  }

  make(random: Random): CampaignInput {
    return { text: `${random.between(0, WINDOW_MS)} ms`, setting: random.pick(this.kinds) };
  }

  async judge({ text, setting }: CampaignInput): Promise<Verdict> {
    const kind = KINDS.find((one) => one === setting);
    if (kind === undefined) throw new RangeError(`nothing is called ${setting}`);
    this.#directory = mkdtempSync(join(tmpdir(), 'vmc-kills-'));
    try {
      const since = await this.#harm(kind, Number.parseInt(text, 10));
      const runningMs = await this.#untilAllRun(since);
      const problems = await this.#untilAsItWas();
      const measured = {
        'ms until all ran': runningMs,
        'ms until as before': Math.round(performance.now() - since),
      };
      const verdict = problems.length === 0 ? accepted(kind) : failed(problems.join('; '));
      return { ...verdict, measured };
    } finally {
      for (const daemon of this.#daemons.splice(0)) await end(daemon, 'SIGKILL');
      spawnSync('umount', ['--quiet', this.#directory]);
      rmSync(this.#directory, { recursive: true, force: true });
      await this.#reviveGuests();
    }
  }

  // --- what is done ---

  /** Answers the instant from which on everything has to be given back; every process that it started has ended then, or will. */
  async #harm(kind: Kind, ms: number): Promise<number> {
    switch (kind) {
      case 'SIGKILL while starting':
      case 'SIGTERM while starting': {
        const daemon = this.#start();
        await elapse(ms);
        return end(daemon, kind.startsWith('SIGKILL') ? 'SIGKILL' : 'SIGTERM');
      }
      case 'SIGKILL while changing mode':
        return end(await this.#govern(ms), 'SIGKILL');
      case 'SIGTERM while changing mode':
        return end(await this.#govern(ms), 'SIGTERM');
      case 'SIGKILL while reloading':
      case 'SIGKILL while stopping': {
        const daemon = await this.#govern(ms / 2);
        daemon.child.kill(kind.endsWith('reloading') ? 'SIGHUP' : 'SIGTERM');
        await elapse(ms / 10);
        return end(daemon, 'SIGKILL');
      }
      case 'SIGSTOP, then SIGKILL':
      case 'SIGSTOP, then SIGCONT':
        return this.#hang(await this.#govern(ms), kind.endsWith('SIGCONT'));
      case 'SIGKILL of the guardian, then of the daemon':
        return this.#killGuardian(await this.#govern(ms));
      case 'SIGKILL of both':
        return this.#killBoth(await this.#govern(ms));
      case 'SIGKILL of a guest': {
        const daemon = await this.#govern(0);
        await this.#killGuest(GOVERNED[ms % 4] ?? 'cycled');
        await elapse(ms / 2);
        return end(daemon, ms % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      }
      case 'cgroup removed underneath': {
        const daemon = await this.#govern(ms);
        removeGroups(this.#sliceName);
        await elapse(ms);
        return end(daemon, 'SIGKILL');
      }
      case 'disk full':
        return this.#fillDisk(ms);
      case 'read-only state directory':
        return this.#readOnly();
      case 'second daemon':
        return this.#startSecond(await this.#govern(ms));
      case 'reused pid':
        return this.#reusePid(await this.#govern(ms));
      default:
        return this.#breakMonitor(kind, ms);
    }
  }

  #start(): DaemonUnderTest {
    const pids = GOVERNED.map((name) => this.#guest(name).pid);
    const daemon = new DaemonUnderTest(this.#program, this.#directory, this.#sliceName, pids);
    this.#daemons.push(daemon);
    return daemon;
  }

  /** A daemon that has been governing for so long. */
  async #govern(ms: number): Promise<DaemonUnderTest> {
    const daemon = this.#start();
    await daemon.started();
    if (daemon.hasEnded) throw new Error(`the daemon did not start: ${daemon.output}`);
    await elapse(ms);
    return daemon;
  }

  /** Guests run and are out of our groups while it hangs; what it keeps from the guardian, a monitor, is given back at its end. */
  async #hang(daemon: DaemonUnderTest, goesOn: boolean): Promise<number> {
    daemon.child.kill('SIGSTOP');
    await until(() => leftGroups(this.#sliceName).length === 0, AS_IT_WAS_MS);
    await this.#untilAllRun(performance.now());
    if (!goesOn) return end(daemon, 'SIGKILL');
    daemon.child.kill('SIGCONT');
    await until(() => leftGroups(this.#sliceName).length > 0);
    return end(daemon, 'SIGTERM');
  }

  async #killGuardian(daemon: DaemonUnderTest): Promise<number> {
    const guardian = daemon.guardian ?? 0;
    process.kill(guardian, 'SIGKILL');
    await until(() => daemon.guardian !== null && daemon.guardian !== guardian);
    // Whoever has no guardian yet when it is killed is the case below.
    await until(() => daemon.output.includes('starting another'));
    await elapse(200);
    return end(daemon, 'SIGKILL');
  }

  /** Nobody is left to give anything back: `vmc release` does. */
  async #killBoth(daemon: DaemonUnderTest): Promise<number> {
    daemon.child.kill('SIGSTOP');
    process.kill(daemon.guardian ?? 0, 'SIGKILL');
    await end(daemon, 'SIGKILL');
    const since = performance.now();
    const complaints: string[] = [];
    if (!releaseNow(join(this.#directory, 'journal'), (text) => complaints.push(text))) {
      throw new Error(`vmc release: ${complaints.join('; ')}`);
    }
    return since;
  }

  async #fillDisk(ms: number): Promise<number> {
    mount(this.#directory, 'size=32k');
    const daemon = await this.#govern(ms / 2);
    try {
      writeFileSync(join(this.#directory, 'filler'), 'x'.repeat(64 * 1024));
    } catch {
      // full, which was the purpose
    }
    daemon.child.kill('SIGHUP');
    await elapse(ms);
    return end(daemon, 'SIGKILL');
  }

  async #readOnly(): Promise<number> {
    mount(this.#directory, 'ro');
    const daemon = this.#start();
    await daemon.started();
    if (!daemon.hasEnded || !daemon.output.includes('EROFS')) {
      daemon.child.kill('SIGKILL');
      throw new Error(`it did not refuse to start: ${daemon.output}`);
    }
    return performance.now();
  }

  async #startSecond(daemon: DaemonUnderTest): Promise<number> {
    const second = this.#start();
    await second.started();
    await second.ended();
    if (!second.output.includes(`(pid ${daemon.pid})`))
      throw new Error(`it did not name the first: ${second.output}`);
    if (daemon.hasEnded) throw new Error(`the first ended: ${daemon.output}`);
    return end(daemon, 'SIGKILL');
  }

  /** A guest's number becomes that of a process which its user has stopped, before the guardian comes to the record of it. */
  async #reusePid(daemon: DaemonUnderTest): Promise<number> {
    const { pid } = this.#guest('cycled');
    await this.#killGuest('cycled');
    const other = await spawnAs(pid);
    process.kill(pid, 'SIGSTOP');
    const since = await end(daemon, 'SIGKILL');
    await until(() => !existsSync(join(this.#directory, 'journal')), AS_IT_WAS_MS);
    const state = stateOf(pid);
    other.kill('SIGKILL');
    if (state !== 'T') throw new Error(`the process that has the guest's number was woken: ${state}`);
    return since;
  }

  /** What answers at the guest's socket is not the guest any more. */
  async #breakMonitor(kind: Kind, ms: number): Promise<number> {
    const socket = this.#guest('throttled').qmpPath ?? '';
    rmSync(socket);
    const fake = await listen(socket, kind);
    try {
      return await end(await this.#govern(ms), 'SIGKILL');
    } finally {
      fake.close();
      await this.#killGuest('throttled');
    }
  }

  // --- what has to be so afterwards ---

  async #untilAllRun(since: number): Promise<number> {
    const running = [...this.#guests].filter(([name]) => name !== 'stopped');
    await until(() => running.every(([, { pid }]) => stateOf(pid) !== 'T'), AS_IT_WAS_MS);
    return Math.round(performance.now() - since);
  }

  /** Answers what is still not as it was after a long time. */
  async #untilAsItWas(): Promise<readonly string[]> {
    let problems: readonly string[] = [];
    await until(async () => {
      problems = await this.#problems();
      return problems.length === 0;
    }, AS_IT_WAS_MS).catch(() => {});
    return problems;
  }

  async #problems(): Promise<readonly string[]> {
    const problems = [...this.#guests].flatMap(([name, { pid }]) =>
      differences(this.#before.get(name) ?? new Map(), processState(pid)).map((text) => `${name}: ${text}`),
    );
    problems.push(...leftGroups(this.#sliceName).map((group) => `left: ${group}`));
    // One without a record is that of a daemon which had not even started its guardian.
    const pending = readPending(join(this.#directory, 'journal'), bootId());
    if (pending.length > 0)
      problems.push(`left in the journal: ${pending.map(({ operation }) => operation)}`);
    if (problems.length > 0) return problems;
    for (const [name, was] of this.#monitors) {
      const now = await monitorState(this.#guest(name).qmpPath ?? '').catch(String);
      if (now !== was) problems.push(`monitor of ${name}: ${now}, not ${was}`);
    }
    const free = await freeDeadlineBandwidth();
    if (Math.abs(free - this.#free) >= BANDWIDTH_TOLERANCE)
      problems.push(`free bandwidth: ${free}, not ${this.#free}`);
    return problems;
  }

  // --- guests ---

  #guest(name: string): StartedGuest {
    const guest = this.#guests.get(name);
    if (guest === undefined) throw new RangeError(`no guest ${name}`);
    return guest;
  }

  async #boot(name: string): Promise<void> {
    const guest = await startGuest({ name });
    this.#guests.set(name, guest);
    if (name === 'paused') await pause(guest.qmpPath ?? '');
    if (name === 'stopped') {
      process.kill(guest.pid, 'SIGSTOP');
      await until(() => stateOf(guest.pid) === 'T');
    } else this.#monitors.set(name, await monitorState(guest.qmpPath ?? ''));
    this.#before.set(name, processState(guest.pid));
  }

  async #killGuest(name: string): Promise<void> {
    await this.#guest(name).stop();
    this.#guests.delete(name);
    this.#monitors.delete(name);
  }

  async #reviveGuests(): Promise<void> {
    for (const name of GOVERNED) if (!this.#guests.has(name)) await this.#boot(name);
  }
}

/** Signals it and waits until it has ended; answers when that was sent. */
async function end(daemon: DaemonUnderTest, signal: 'SIGKILL' | 'SIGTERM'): Promise<number> {
  const since = performance.now();
  daemon.child.kill(signal);
  await daemon.ended();
  return since;
}

async function pause(socket: string): Promise<void> {
  const client = await QmpClient.connect(socket);
  await client.execute('stop');
  client.close();
}

function mount(directory: string, options: string): void {
  const { status, stderr } = spawnSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `${options},mode=755`,
    'tmpfs',
    directory,
  ]);
  if (status !== 0) throw new Error(`mount: ${stderr}`);
}

/**
 * As an administrator does who cleans up: what is in the groups goes to the root, then the groups go. Not so the cpusets, on which
 * reservations stand: the kernel itself forgets bandwidth when they go with reservations in them.
 */
function removeGroups(sliceName: string): void {
  const root = '/sys/fs/cgroup/cpu';
  emptyAndRemove(root, join(root, sliceName));
}

function emptyAndRemove(root: string, directory: string): void {
  const entries = quietly(() => readdirSync(directory, { withFileTypes: true })) ?? [];
  for (const entry of entries) if (entry.isDirectory()) emptyAndRemove(root, join(directory, entry.name));
  const tasks = quietly(() => readFileSync(join(directory, 'tasks'), 'utf8')) ?? '';
  for (const tid of tasks.split('\n').filter(Boolean)) quietly(() => writeFileSync(join(root, 'tasks'), tid));
  spawnSync('rmdir', [directory], { stdio: 'ignore' });
}

function quietly<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** A process with this number; others may be born meanwhile, so it may take several attempts. */
async function spawnAs(pid: number) {
  for (let attempt = 0; attempt < 200; attempt++) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', `${pid - 1}`);
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    if (child.pid === pid && readTaskStat(pid) !== null) return child;
    child.kill('SIGKILL');
  }
  throw new Error(`no process got number ${pid}`);
}

const GREETING =
  '{"QMP": {"version": {"qemu": {"micro": 0, "minor": 2, "major": 7}, "package": ""}, "capabilities": []}}\r\n';

async function listen(path: string, kind: Kind): Promise<Server> {
  mkdirSync(join(path, '..'), { recursive: true });
  const answers: Partial<Record<Kind, (socket: Socket) => void>> = {
    'monitor floods': flood,
    'monitor sends garbage': (socket) => socket.write(Buffer.alloc(4096, '}{"\u0000')),
    'monitor closes half-way': (socket) => {
      socket.write(GREETING.slice(0, 20));
      socket.end();
    },
  };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    answers[kind]?.(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  server.unref();
  return server;
}

/** Events without end, as fast as they are taken. */
function flood(socket: Socket): void {
  socket.write(GREETING);
  const event = '{"event": "FLOOD", "timestamp": {"seconds": 1, "microseconds": 1}}\r\n'.repeat(100);
  const more = () => {
    while (!socket.destroyed && socket.write(event));
  };
  socket.on('drain', more);
  more();
}
