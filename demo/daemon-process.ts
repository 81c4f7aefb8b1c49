import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '../src/api/client.js';
import { packageRoot } from '../src/support/package-root.js';

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 50;

/** `vmcd POLICY`, as an owner would start it, and a client of its socket. */
export class DaemonProcess {
  #child: ChildProcess | null = null;
  #output = '';
  /** Its ledger and switches are not the owner's. */
  readonly #state: string;
  readonly #isStateOwn: boolean;

  /**
   * `client`: of the socket at which the environment has the daemon listen. `state`: where it keeps what outlives it; by
   * default nothing does.
   */
  constructor(
    readonly client: Client = connect(),
    state?: string,
  ) {
    this.#state = state ?? mkdtempSync(join(tmpdir(), 'vmc-demo-'));
    this.#isStateOwn = state === undefined;
  }

  /** Resolves once the daemon answers; rejects with its own words when it ends before. */
  async start(policy: string): Promise<void> {
    // However the demonstration ends, its daemon ends in good order.
    const vmcd = [
      '--pdeathsig',
      'TERM',
      '--',
      process.execPath,
      join(packageRoot(), 'bin', 'vmcd.cjs'),
      policy,
    ];
    const child = spawn('setpriv', vmcd, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, VMC_STATE_DIR: this.#state },
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#answers())) {
      if (this.lost !== null) throw new Error(`vmcd was ${this.lost}`);
      if (Date.now() > deadline) throw new Error(`vmcd does not answer:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Of the process that runs; throws where none does. */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('vmcd does not run');
    return this.#child.pid;
  }

  /** How it ended by itself, as a shell would say it; null while it runs, and once it was asked to stop. */
  get lost(): string | null {
    const child = this.#child;
    if (!child || (child.exitCode === null && child.signalCode === null)) return null;
    return child.signalCode
      ? `killed by ${child.signalCode}`
      : `ended with exit code ${child.exitCode}:\n${this.#output}`;
  }

  /** Resolves when the daemon has given everything back and ended. */
  async stop(): Promise<void> {
    this.client.close();
    const child = this.#child;
    this.#child = null;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    if (this.#isStateOwn) rmSync(this.#state, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    try {
      return (await this.client.status()).mode !== null;
    } catch {
      return false;
    }
  }
}
