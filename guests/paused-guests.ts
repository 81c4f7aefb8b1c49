import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A QEMU process whose virtual CPU has never run. */
export interface PausedGuest {
  readonly name: string;
  readonly pid: number;
  readonly qmpPath: string;
}

interface Launched {
  readonly child: ChildProcess;
  readonly guest: PausedGuest;
}

/** QEMU takes some 50 ms of CPU to start: more at once would only wait for each other. */
const AT_ONCE = 4;
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 5;

/**
 * Guests that exist and want nothing: for what depends on how many there are. Each has its QMP socket, one virtual CPU that is paused
 * from the start, no devices and 2 MiB, which costs 13 MiB of memory and no CPU. They end with the thread that starts them.
 */
export class PausedGuests {
  readonly #launched: Launched[] = [];
  #directory: string | null = null;

  get guests(): readonly PausedGuest[] {
    return this.#launched.map(({ guest }) => guest);
  }

  /** Resolves once all of them have their sockets; rejects when one ends or takes longer than a minute. */
  async start(names: readonly string[]): Promise<readonly PausedGuest[]> {
    this.#directory ??= await mkdtemp(join(tmpdir(), 'vmc-paused-'));
    const directory = this.#directory;
    const started: PausedGuest[] = [];
    const waiting = [...names];
    const startSome = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        started.push(await this.#startOne(name, directory));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, startSome));
    return started;
  }

  /** Ends those with the given pids; resolves when they are gone. */
  async end(pids: readonly number[]): Promise<void> {
    const ending = this.#launched.filter(({ guest }) => pids.includes(guest.pid));
    await Promise.all(ending.map(({ child }) => kill(child)));
    for (const one of ending) this.#launched.splice(this.#launched.indexOf(one), 1);
  }

  /** Ends all and removes their files. Twice is safe. */
  async stop(): Promise<void> {
    await this.end(this.guests.map(({ pid }) => pid));
    if (this.#directory !== null) await rm(this.#directory, { recursive: true, force: true });
    this.#directory = null;
  }

  async #startOne(name: string, directory: string): Promise<PausedGuest> {
    const qmpPath = join(directory, `${name}.sock`);
    const pidPath = join(directory, `${name}.pid`);
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...commandOf(name, qmpPath, pidPath)], {
      detached: true,
      stdio: 'ignore',
    });
    const deadline = Date.now() + START_TIMEOUT_MS;
    // QEMU writes its pid file when its sockets are there.
    while ((await readFile(pidPath, 'utf8').catch(() => '')) === '') {
      if (child.exitCode !== null) throw new Error(`guest ${name} ended with exit code ${child.exitCode}`);
      if (Date.now() > deadline) {
        await kill(child);
        throw new Error(`guest ${name} has not started in ${START_TIMEOUT_MS / 1000} s`);
      }
      await delay(POLL_MS);
    }
    const guest = { name, pid: child.pid ?? 0, qmpPath };
    this.#launched.push({ child, guest });
    return guest;
  }
}

function commandOf(name: string, qmpPath: string, pidPath: string): readonly string[] {
  return [
    ...['qemu-system-x86_64', '-name', `guest=${name},debug-threads=on`],
    ...['-machine', 'microvm', '-m', '2M', '-accel', 'tcg,tb-size=1', '-S'],
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-qmp', `unix:${qmpPath},server=on,wait=off`, '-pidfile', pidPath],
  ];
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
