import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, type FileHandle, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CounterOptions, counterImage } from './counter/counter-image.js';
import { GUEST_FILES, type GuestOptions, guestCommand, type Identity } from './guest-command.js';
import { type GuestProgress, readProgress } from './guest-progress.js';

/** A running QEMU process of ours. */
export interface StartedGuest {
  readonly pid: number;
  readonly name: string | null;
  /** Path of its QMP socket, null when started without one. */
  readonly qmpPath: string | null;
  /** File with all of its serial output. */
  readonly serialPath: string;
  /** How far it is now. */
  progress(): Promise<GuestProgress>;
  /** Kills it, stopped or not, waits until it is gone and removes its files. Twice is safe. */
  stop(): Promise<void>;
}

export interface StartGuestOptions extends GuestOptions {
  /**
   * The boot sector, or a variant of the counter; by default one that counts on every virtual CPU and takes no
   * interrupts.
   */
  readonly image?: CounterOptions | Uint8Array;
  /** How long it may take to its first line. Default 30 s: a boot sector takes a tenth of one. */
  readonly bootTimeoutMs?: number;
}

/**
 * A guest takes some 100 ms to its first line on an idle machine; on a busy one it competes for its share.
 */
const BOOT_TIMEOUT_MS = 30_000;
const POLL_MS = 5;
const MESSAGE_LIMIT = 8192;

/**
 * Starts QEMU on a boot sector of ours and resolves once the guest has written its first line. The guest ends
 * with the thread that calls this (call it from the main one), whatever way that ends. Rejects with QEMU's
 * own words when QEMU exits before that line, and when the line takes too long; nothing is left
 * behind then.
 */
export async function startGuest(options: StartGuestOptions): Promise<StartedGuest> {
  const identity = options.user === undefined ? null : await lookUp(options.user);
  const directory = await mkdtemp(join(tmpdir(), 'vmc-guest-'));
  const path = (kind: keyof typeof GUEST_FILES) => join(directory, GUEST_FILES[kind]);
  const { image, cpus = 1 } = options;
  const sector = image instanceof Uint8Array ? image : counterImage({ allCpus: cpus > 1, ...image });
  await writeFile(path('image'), sector);
  await writeFile(path('serial'), '');
  if (identity) {
    for (const owned of [directory, path('image'), path('serial')])
      await chown(owned, identity.uid, identity.gid);
  }
  const serial = await open(path('serial'), 'r');
  const launched = launch(guestCommand(options, directory, identity));
  const stop = onlyOnce(async () => {
    await end(launched, await readPid(path('pid')));
    await serial.close();
    await rm(directory, { recursive: true, force: true });
  });
  try {
    let latest = await firstProgress(launched, serial, options.bootTimeoutMs ?? BOOT_TIMEOUT_MS);
    const pid = await readPid(path('pid'));
    if (pid === null) throw new Error('QEMU wrote no pid file');
    return {
      pid,
      name: options.name,
      qmpPath: options.qmp === false ? null : path('qmp'),
      serialPath: path('serial'),
      progress: async () => {
        latest = (await readProgress(serial)) ?? latest;
        return latest;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Launched {
  readonly child: ChildProcess;
  /** Rejects once the process has ended, with what it wrote to stderr; never resolves. */
  readonly exited: Promise<never>;
}

function launch([program, ...parameters]: readonly string[]): Launched {
  // A session of its own, so that a Ctrl-C for its parent, and the parent's terminal, are none of its
  // business.
  const child = spawn(program ?? '', parameters, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let message = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    message = (message + text).slice(-MESSAGE_LIMIT);
  });
  const exited = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`QEMU ended (${signal ?? code}): ${message.trim()}`)),
    );
  });
  // Most guests are ended on purpose, when nobody waits for this any more.
  exited.catch(() => {});
  return { child, exited };
}

async function firstProgress(
  { exited }: Launched,
  serial: FileHandle,
  timeoutMs: number,
): Promise<GuestProgress> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const progress = await readProgress(serial);
    if (progress) return progress;
    if (Date.now() > deadline) throw new Error(`the guest wrote nothing in ${timeoutMs / 1000} s`);
    await Promise.race([exited, delay(POLL_MS)]);
  }
}

/** Kills QEMU and, where that is another process, what stands between it and us. */
async function end({ child }: Launched, qemuPid: number | null): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // INVARIANT: the pid file's process is this child or a child of it, which has not been waited for: not
  // reused.
  if (qemuPid !== null && qemuPid !== child.pid) kill(qemuPid);
  else child.kill('SIGKILL');
  await gone;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function readPid(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+\n$/.test(text) ? Number(text) : null;
}

async function lookUp(user: string): Promise<Identity> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const [, , uid, gid] = lines.find((line) => line.startsWith(`${user}:`))?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`there is no user ${user}`);
  return { uid: Number(uid), gid: Number(gid) };
}

function onlyOnce(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}
