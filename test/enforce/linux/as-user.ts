import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Client, connect } from '../../../src/api/client.js';
import { packageRoot } from '../../../src/support/package-root.js';

/** Of man 7 capabilities, as setpriv(1) writes them. */
export type Capability = 'sys_nice' | 'kill' | 'sys_ptrace' | 'dac_override';

export interface Identity {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A user that every Debian has and that owns nothing. Throws where there is none. */
export function userNamed(name: string): Identity {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`there is no user ${name}`);
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** The commands of vmc as another user, with no capabilities but those given; what they leave goes with `close`. */
export class AsUser {
  readonly directory = mkdtempSync(join(tmpdir(), 'vmc-user-'));
  readonly runtimeDirectory = join(this.directory, 'run', 'vmc');
  readonly socket = join(this.runtimeDirectory, 'vmcd.sock');
  log = '';
  #daemon: ChildProcess | null = null;

  constructor(
    readonly user: Identity,
    private readonly capabilities: readonly Capability[] = [],
  ) {
    chownSync(this.directory, user.uid, user.gid);
  }

  get journal(): string {
    return join(this.runtimeDirectory, 'journal');
  }

  get daemon(): ChildProcess {
    if (!this.#daemon) throw new Error('the daemon was not started');
    return this.#daemon;
  }

  connect(): Client {
    return connect({ socket: this.socket });
  }

  /** `vmc …`, to its end. */
  async vmc(
    ...args: readonly string[]
  ): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
    const child = this.#spawn('vmc.cjs', args);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr] = await Promise.all([
      child.stdout ? text(child.stdout) : '',
      child.stderr ? text(child.stderr) : '',
    ]);
    return { stdout, stderr, exitCode: await ended };
  }

  startDaemon(policy: string): ChildProcess {
    const child = this.#spawn('vmcd.cjs', [policy]);
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.log += chunk;
    });
    this.#daemon = child;
    return child;
  }

  async close(): Promise<void> {
    const child = this.#daemon;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  #spawn(program: string, args: readonly string[]): ChildProcess {
    const { uid, gid } = this.user;
    const kept = this.capabilities.map((name) => `+${name}`).join(',');
    const capabilities = kept === '' ? [] : ['--inh-caps', kept, '--ambient-caps', kept];
    const as = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', ...capabilities];
    const command = [process.execPath, join(packageRoot(), 'bin', program), ...args];
    if (!existsSync(join(packageRoot(), 'dist', 'cli.cjs'))) throw new Error('not built: npm run build');
    return spawn('setpriv', [...as, '--', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      env: { PATH: process.env['PATH'], HOME: this.directory, VMC_RUNTIME_DIR: this.runtimeDirectory },
    });
  }
}
