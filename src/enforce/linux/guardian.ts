import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { guardianScript } from './guardian-script.js';

const HEARTBEAT_MS = 200;
/** Silence after which the guardian acts. */
const TIMEOUT_MS = 1000;

/** Exit codes of guardian.pl. */
const RELEASED_IN_SILENCE = 3;

/** What became of a guardian that ended without being asked to. */
export type GuardianEnd = 'released' | 'died';

/**
 * The daemon's side of the guardian: a Perl process in a session of its own that gives everything back when the daemon
 * falls silent. `start` starts it, `release` asks it to give everything back and waits until it has.
 */
export class Guardian {
  #child: ChildProcess | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #asked = false;

  constructor(
    private readonly journalFile: string,
    private readonly onEnd: (end: GuardianEnd) => void,
    private readonly onMessage: (text: string) => void,
  ) {}

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const child = spawn('perl', [guardianScript(), 'watch', this.journalFile, `${TIMEOUT_MS}`], {
      detached: true, // a session of its own: what ends the daemon's terminal or group does not end it
      stdio: ['pipe', 'ignore', 'pipe'],
      cwd: '/',
    });
    this.#child = child;
    child.stdin.on('error', () => {}); // EPIPE: its end is reported by 'exit'
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.onMessage(text.trimEnd()));
    child.on('error', (error) => {
      this.onMessage(`the guardian could not be started: ${error.message}`);
      this.#ended(child, 'died');
    });
    child.on('exit', (code) => this.#ended(child, code === RELEASED_IN_SILENCE ? 'released' : 'died'));
    this.#heartbeat = setInterval(() => child.stdin.write('.'), HEARTBEAT_MS);
    child.stdin.write('.');
  }

  /** Everything in the journal is given back when this resolves; false when something could not be. */
  async release(): Promise<boolean> {
    const child = this.#child;
    this.#asked = true;
    this.#stopHeartbeat();
    if (!child || child.exitCode !== null) return releaseNow(this.journalFile, this.onMessage);
    const code = await new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
      child.stdin?.write('r');
    });
    this.#child = null;
    return code === 0 || releaseNow(this.journalFile, this.onMessage);
  }

  #ended(child: ChildProcess, end: GuardianEnd): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#stopHeartbeat();
    if (!this.#asked) this.onEnd(end);
  }

  #stopHeartbeat(): void {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }
}

/** Undoes what a journal still holds, in a process of its own; false when something could not be undone. */
export function releaseNow(journalFile: string, onMessage: (text: string) => void): boolean {
  const { status, stderr, error } = spawnSync('perl', [guardianScript(), 'release', journalFile], {
    encoding: 'utf8',
  });
  if (error) onMessage(`perl could not be run: ${error.message}`);
  if (stderr) onMessage(stderr.trimEnd());
  return status === 0;
}
