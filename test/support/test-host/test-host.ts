import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentLink, type CommandResult, type RunningCommand, type RunOptions } from './agent-link.js';
import { unpackedPackage } from './debian-package.js';
import { type BootableKernel, bootableKernel } from './kernel.js';
import { type ProjectFiles, writeProjectDisk } from './project-disk.js';
import { rootImage } from './root-image.js';
import { systemdImage } from './systemd-image.js';

export interface TestHostOptions extends ProjectFiles {
  /** How cgroups are mounted at /sys/fs/cgroup. Default v2. */
  readonly cgroup?: 'v1' | 'v2';
  /** The first process: busybox's init, up in 3 s, or Debian's systemd with dbus and, not yet started, libvirt. Default busybox. */
  readonly init?: 'busybox' | 'systemd';
  /** Default 2. */
  readonly cpus?: number;
  /** Default 768. */
  readonly memoryMiB?: number;
  /** Added to the kernel's command line, e.g. `isolcpus=1`. */
  readonly kernelArguments?: readonly string[];
  /** How long it may take until it answers. Default two minutes: it takes 3 s or 10 (systemd), more where the machine is busy. */
  readonly bootTimeoutMs?: number;
}

/** What was to run in a test host did not end in time, or the host hangs; with what its kernel said last. */
export class TestHostTimeout extends Error {
  override readonly name = 'TestHostTimeout';

  constructor(what: string, console: string) {
    super(`${what}\n--- the console of the test host:\n${lastLines(console)}`);
  }
}

const lastLines = (console: string): string => console.split('\n').slice(-40).join('\n');

/** A Linux machine of one's own: everything in it may be broken, and is gone with {@link TestHost.stop}. */
export interface TestHost {
  /** `uname -r` inside. */
  readonly kernelRelease: string;
  /** Of the QEMU process. */
  readonly pid: number;
  /** Runs a program to its end. Rejects on a time-out ({@link TestHostTimeout}) or where the program does not exist, not on an exit code. */
  run(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
  start(argv: readonly string[], options?: RunOptions): RunningCommand;
  /** What the kernel and /sbin/init printed so far. */
  consoleLog(): string;
  /** Switches it off and removes its disks. Twice is safe. */
  stop(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const BOOT_TIMEOUT_MS = 120_000;

/**
 * Boots Debian's kernel in QEMU with this machine's Node, QEMU and Perl in it, and the given files at /project.
 * Needs no privileges and no network (except the first time, to fetch the kernel, and systemd with libvirt where asked).
 *
 * @throws Error saying what to install, or with the console's last lines where it does not come up.
 */
export async function bootTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  busybox ??= unpackedPackage('busybox-static').then((tree) => join(tree, 'bin/busybox'));
  const [kernel, root] = await Promise.all([
    busybox.then(kernelOnce),
    busybox.then(IMAGES[options.init ?? 'busybox']),
  ]);
  const directory = await mkdtemp(join(tmpdir(), 'test-host-'));
  try {
    await writeProjectDisk(options, directory, join(directory, 'project.ext4'));
    return await launch(options, kernel, root, directory);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Found once for all hosts of a process. */
let busybox: Promise<string> | undefined;
const kernelOnce = once(bootableKernel);
const IMAGES = { busybox: once(rootImage), systemd: once(systemdImage) };

function once<T>(find: (busybox: string) => Promise<T>): (busybox: string) => Promise<T> {
  let found: Promise<T> | undefined;
  return (from) => {
    found ??= find(from);
    return found;
  };
}

async function launch(
  options: TestHostOptions,
  kernel: BootableKernel,
  root: string,
  directory: string,
): Promise<TestHost> {
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(join(directory, 'agent.sock'), resolve));
  const qemu = spawn('qemu-system-x86_64', qemuArguments(options, kernel, root, directory), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const machine = new Machine(qemu, server, directory);
  try {
    await machine.comeUp(connected, options.bootTimeoutMs ?? BOOT_TIMEOUT_MS);
    return machine;
  } catch (error) {
    const log = lastLines(machine.consoleLog());
    await machine.stop();
    throw new Error(`The test host did not come up: ${(error as Error).message}\n--- its console:\n${log}`);
  }
}

function qemuArguments(
  options: TestHostOptions,
  kernel: BootableKernel,
  root: string,
  directory: string,
): string[] {
  const quiet = 'console=ttyS0 panic=-1 loglevel=4 mitigations=off tsc=reliable random.trust_cpu=on';
  const commandLine = [
    quiet,
    `testhost.cgroup=${options.cgroup ?? 'v2'}`,
    `systemd.unified_cgroup_hierarchy=${options.cgroup === 'v1' ? 0 : 1}`,
    ...(options.kernelArguments ?? []),
  ];
  return [
    ...['-machine', 'pc', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-nodefaults', '-no-reboot'],
    ...['-smp', `${options.cpus ?? 2}`, '-m', `${options.memoryMiB ?? 768}`, '-display', 'none'],
    ...['-kernel', kernel.kernel, '-initrd', kernel.initramfs, '-append', commandLine.join(' ')],
    ...['-serial', `file:${join(directory, 'console.log')}`],
    // What it writes goes to a nameless file: hosts that run at the same time share the image and see nothing.
    ...['-drive', `if=virtio,format=raw,snapshot=on,file=${root}`],
    ...['-drive', `if=virtio,format=raw,file=${join(directory, 'project.ext4')}`],
    ...['-device', 'virtio-serial', '-chardev', `socket,id=agent,path=${join(directory, 'agent.sock')}`],
    ...['-device', 'virtserialport,chardev=agent,name=agent'],
  ];
}

class Machine implements TestHost {
  kernelRelease = '';
  readonly pid: number;
  readonly #qemu: ChildProcess;
  readonly #server: Server;
  readonly #directory: string;
  readonly #exited: Promise<void>;
  #stderr = '';
  #console = '';
  #link: AgentLink | null = null;
  #failure: Error | null = null;

  constructor(qemu: ChildProcess, server: Server, directory: string) {
    this.#qemu = qemu;
    this.pid = qemu.pid ?? 0;
    this.#server = server;
    this.#directory = directory;
    qemu.stderr?.on('data', (data) => {
      this.#stderr += data;
    });
    this.#exited = new Promise((resolve) => {
      qemu.once('exit', () => resolve());
      qemu.once('error', (error) => {
        this.#failure = error;
        resolve();
      });
    });
  }

  async comeUp(connected: Promise<Socket>, timeoutMs: number): Promise<void> {
    const died = this.#exited.then(() => {
      throw this.#failure ?? new Error(`QEMU ended${this.#stderr === '' ? '' : `: ${this.#stderr}`}`);
    });
    died.catch(() => {}); // it does die some day
    const ready = connected.then((socket) => {
      this.#link = new AgentLink(socket);
      return this.#link.ready;
    });
    ready.catch(() => {});
    const late = deadline(timeoutMs, () => new Error(`no answer from inside within ${timeoutMs} ms`));
    try {
      this.kernelRelease = await Promise.race([ready, died, late.passed]);
    } finally {
      late.cancel();
    }
  }

  start(argv: readonly string[], options: RunOptions = {}): RunningCommand {
    if (this.#link === null) throw new Error('the test host is not up');
    return this.#link.start(argv, options);
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const command = this.start(argv, options);
    const what = `${argv.join(' ')} did not end within ${timeoutMs} ms in the test host`;
    const late = deadline(timeoutMs, () => new TestHostTimeout(what, this.consoleLog()));
    try {
      return await Promise.race([command.ended, late.passed]);
    } catch (error) {
      command.kill('SIGKILL');
      command.ended.catch(() => {});
      throw error;
    } finally {
      late.cancel();
    }
  }

  consoleLog(): string {
    const path = join(this.#directory, 'console.log');
    if (existsSync(path)) this.#console = readFileSync(path, 'utf8');
    return this.#console;
  }

  async stop(): Promise<void> {
    this.consoleLog();
    this.#link?.fail(new Error('the test host was stopped'));
    this.#server.close();
    this.#qemu.kill('SIGKILL');
    await this.#exited;
    await rm(this.#directory, { recursive: true, force: true });
  }
}

interface Deadline {
  readonly passed: Promise<never>;
  cancel(): void;
}

function deadline(timeoutMs: number, error: () => Error): Deadline {
  let cancel = () => {};
  const passed = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(error()), timeoutMs);
    cancel = () => clearTimeout(timer);
  });
  passed.catch(() => {});
  return { passed, cancel };
}
