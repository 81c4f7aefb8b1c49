import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { errnoError } from './errno-error.js';
import { guardianScript } from './guardian-script.js';
import { lockFile, pipe, unlockFile } from './syscalls.js';
import { readTaskStat } from './task-stat.js';

/** Silence after which the guardian acts, counted from the first heartbeat. */
const TIMEOUT_MS = 1000;

/** Exit codes of guardian.pl when it released because the daemon fell silent: all of it, or as far as it could. */
const RELEASED_IN_SILENCE: readonly (number | null)[] = [3, 1];

/** What the guardian holds while it waits: host facts have it taken off. */
export const GUARDIAN_BANDWIDTH = { budgetNs: 100_000n, periodNs: 50_000_000n } as const;

/** States of /proc/PID/stat. */
const ENDED: readonly string[] = ['Z', 'X'];
const STOPPED: readonly string[] = ['T', 't'];

/** What became of a guardian that ended without being asked to. */
export type GuardianEnd = 'released' | 'died';

export interface GuardianOptions {
  readonly journal: { readonly file: string; readonly owner: string };
  readonly onEnd: (end: GuardianEnd) => void;
  readonly onMessage: (text: string) => void;
}

/**
 * The daemon's side of the guardian: a Perl process in a session of its own that gives everything back when the daemon
 * ends or falls silent. `start` starts it; heartbeats go into `heartbeatDescriptor`, any byte but "r", from whichever
 * thread; `release` asks it to give everything back and waits until it has.
 */
export class Guardian {
  #child: ChildProcess | null = null;
  #writeEnd: number | null = null;
  #lock: number | null = null;
  #asked = false;

  constructor(private readonly options: GuardianOptions) {}

  get heartbeatDescriptor(): number | null {
    return this.#writeEnd;
  }

  /** False from the instant on at which it has done its work, or cannot, whether or not Node has heard of it. */
  get alive(): boolean {
    const stat = this.#child?.pid === undefined ? null : readTaskStat(this.#child.pid);
    return stat !== null && !ENDED.includes(stat.state) && !STOPPED.includes(stat.state);
  }

  start(): void {
    const { file, owner } = this.options.journal;
    const ends = pipe();
    if (typeof ends === 'number') throw errnoError(ends, 'making a pipe for the guardian');
    const child = spawn('perl', [guardianScript(), 'watch', file, `${TIMEOUT_MS}`, owner], {
      detached: true, // a session of its own: what ends the daemon's terminal or group does not end it
      stdio: [ends.readEnd, 'ignore', 'pipe'],
      cwd: '/',
    });
    closeSync(ends.readEnd);
    this.#writeEnd = ends.writeEnd;
    this.#child = child;
    this.#asked = false;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.options.onMessage(text.trimEnd()));
    child.on('error', (error) => {
      this.options.onMessage(`the guardian could not be started: ${error.message}`);
      this.#ended(child, 'died');
    });
    child.on('exit', (code) => this.#ended(child, RELEASED_IN_SILENCE.includes(code) ? 'released' : 'died'));
  }

  /** A guardian that somebody has stopped guards nothing: it is ended, so that another is started. */
  endIfStopped(): void {
    const stat = this.#child?.pid === undefined ? null : readTaskStat(this.#child.pid);
    if (stat !== null && STOPPED.includes(stat.state)) this.#child?.kill('SIGKILL');
  }

  /** While `work` runs the guardian does not: it begins a release only before or after. */
  async exclude<T>(work: () => Promise<T>): Promise<T> {
    this.#lock ??= openSync(lockPath(this.options.journal.file), 'a', 0o600);
    lockFile(this.#lock);
    try {
      return await work();
    } finally {
      unlockFile(this.#lock);
    }
  }

  /** The pipe of a guardian that has ended; nobody may write heartbeats any more. */
  closePipe(): void {
    if (this.#writeEnd !== null) closeSync(this.#writeEnd);
    this.#writeEnd = null;
  }

  /** Everything in the journal is given back when this resolves; false when something could not be. */
  async release(): Promise<boolean> {
    const child = this.#child;
    this.#asked = true;
    const complete = child && this.alive && (await this.#ask(child));
    this.#child = null;
    this.closePipe();
    if (this.#lock !== null) closeSync(this.#lock);
    this.#lock = null;
    return complete || releaseNow(this.options.journal.file, this.options.onMessage);
  }

  async #ask(child: ChildProcess): Promise<boolean> {
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    if (child.exitCode !== null || this.#writeEnd === null) return false;
    writeSync(this.#writeEnd, 'r');
    return (await ended) === 0;
  }

  #ended(child: ChildProcess, end: GuardianEnd): void {
    if (this.#child !== child) return;
    this.#child = null;
    if (!this.#asked) this.options.onEnd(end);
  }
}

const lockPath = (journalFile: string): string => `${journalFile}.lock`;

/** Undoes what a journal still holds, in a process of its own; false when something could not be undone. */
export function releaseNow(journalFile: string, onMessage: (text: string) => void): boolean {
  const { status, stderr, error } = spawnSync('perl', [guardianScript(), 'release', journalFile], {
    encoding: 'utf8',
  });
  if (error) onMessage(`perl could not be run: ${error.message}`);
  if (stderr) onMessage(stderr.trimEnd());
  return status === 0;
}
