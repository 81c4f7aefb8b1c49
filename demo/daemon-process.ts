import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Client, connect } from '../src/api/client.js';
import { packageRoot } from '../src/support/package-root.js';

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 50;

/** `vmcd POLICY`, as an owner would start it, and a client of its socket. */
export class DaemonProcess {
  #child: ChildProcess | null = null;
  #output = '';
  readonly client: Client = connect();

  /** Resolves once the daemon answers; rejects with its own words when it ends before. */
  async start(policy: string): Promise<void> {
    const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'vmcd.cjs'), policy], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#answers())) {
      if (child.exitCode !== null) throw new Error(`vmcd ended with ${child.exitCode}:\n${this.#output}`);
      if (Date.now() > deadline) throw new Error(`vmcd does not answer:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** What it logged. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when the daemon has given everything back and ended. */
  async stop(): Promise<void> {
    this.client.close();
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  async #answers(): Promise<boolean> {
    try {
      return (await this.client.status()).mode !== null;
    } catch {
      return false;
    }
  }
}
