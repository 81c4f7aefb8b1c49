import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { restoreAffinities } from './affinity.js';
import { cgroupPathOf, readValue, writeValue } from './cgroup-files.js';
import { threadsPinnedInGroups } from './cgroup-v2-controllers.js';
import { findCgroupMounts } from './mounts.js';

const SCOPE = 'vmc-guests.scope';
/** Where the keeper is: a group that passes controllers on holds no processes itself. */
const KEEPER_GROUP = 'keeper';
/** What guests' groups use of what a host has. */
const CONTROLLERS = 'cpu cpuset memory io';
const PATIENCE_MS = 30_000;
const STEP_MS = 10;
const RETRY_MS = 100;
/** systemd's words while it has not quite forgotten an earlier daemon's scope, which is gone. */
const NAME_TAKEN = /already (?:loaded|exists)/;

/** Whether systemd manages the cgroups of this machine, and grants us parts of them: as root. */
export const isManagedBySystemd = (): boolean =>
  process.getuid?.() === 0 && existsSync('/run/systemd/system');

/** Null where nobody else manages the tree, or nobody minds (v1). */
export function delegatedScope(sliceName: string): DelegatedScope | null {
  const mounts = findCgroupMounts();
  return mounts.version === 2 && isManagedBySystemd() ? new DelegatedScope(mounts.cpu, sliceName) : null;
}

/** Path of the scope below the mount, in the slice of that name. */
export const scopeIn = (sliceName: string): string => `${sliceName}/${SCOPE}`;

/**
 * The part of systemd's tree that is ours: a scope below the slice, with `Delegate=`, in which we make guests' groups. One
 * for the daemon's life, held by a process that does nothing and ends with the daemon, whatever way that ends; then systemd
 * removes the scope as soon as the last guest has left it. Guests may not be in it when it is stopped: nobody stops it.
 */
export class DelegatedScope {
  readonly #directory: string;
  #keeper: ChildProcess | null = null;

  constructor(
    mount: string,
    private readonly sliceName: string,
  ) {
    this.#directory = join(mount, scopeIn(sliceName));
  }

  /** Again where it has gone, with all that was in it: answers whether it had to be made. Rejects where systemd refuses. */
  async ensure(): Promise<boolean> {
    if (this.#isHeld()) return false;
    const pinned = threadsPinnedInGroups();
    await this.#untilNoneIsEnding();
    for (let waited = 0; ; waited += RETRY_MS) {
      const words = await this.#hold();
      if (words === null) break;
      this.end();
      if (!NAME_TAKEN.test(words) || waited >= PATIENCE_MS)
        throw new Error(`systemd gives no scope for guests' cgroups in ${this.sliceName}: ${words}`);
      await delay(RETRY_MS);
    }
    // Before Linux 6.2 whoever switches on cpuset unpins every thread below, and systemd pins none again.
    restoreAffinities(pinned);
    return true;
  }

  /** The keeper goes; the scope with it, or with the last guest in it. Twice is safe. */
  end(): void {
    this.#keeper?.stdin?.end();
    this.#keeper = null;
  }

  /** Empty, that of an earlier daemon is about to be removed by systemd: what is put into it is lost to both. */
  async #untilNoneIsEnding(): Promise<void> {
    const isEnding = () => /^populated 0$/m.test(readValue(join(this.#directory, 'cgroup.events')) ?? '');
    for (let waited = 0; isEnding() && waited < PATIENCE_MS; waited += STEP_MS) await delay(STEP_MS);
  }

  /** Null: a keeper holds it. Else why not. */
  async #hold(): Promise<string | null> {
    // One of an earlier daemon's, with guests in it that nobody could give back: it is as good.
    const isThere = existsSync(this.#directory);
    const command = isThere ? ['cat'] : [...this.#request(), 'cat'];
    const [program = '', ...args] = command;
    const keeper = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'], detached: true });
    this.#keeper = keeper;
    let words = '';
    keeper.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
    keeper.stdin.on('error', () => {}); // it was ended
    keeper.on('error', (error) => {
      words += error.message;
    });
    const closed = once(keeper, 'close').catch(() => {});
    // Moved before systemd has put it there it would be put back, and a group with a process in it has no groups below.
    const isPlaced = () => cgroupPathOf(`${keeper.pid}`, '') === `/${scopeIn(this.sliceName)}`;
    for (let waited = 0; !isThere && !isPlaced(); waited += STEP_MS) {
      const hasEnded = keeper.exitCode !== null || keeper.pid === undefined;
      if (hasEnded) await closed;
      if (hasEnded || waited >= PATIENCE_MS) return words.trim();
      await delay(STEP_MS);
    }
    const group = join(this.#directory, KEEPER_GROUP);
    mkdirSync(group, { recursive: true });
    writeValue(join(group, 'cgroup.procs'), `${keeper.pid}`);
    return null;
  }

  #isHeld(): boolean {
    const keeper = this.#keeper;
    return (
      keeper !== null && keeper.exitCode === null && keeper.signalCode === null && existsSync(this.#directory)
    );
  }

  #request(): readonly string[] {
    const unit = ['--scope', '--quiet', '--collect', `--slice=${this.sliceName}`, `--unit=${SCOPE}`];
    const properties = [`Delegate=${CONTROLLERS}`, 'Description=Guests that vmc governs'];
    return ['systemd-run', ...unit, ...properties.map((property) => `--property=${property}`), '--'];
  }
}
