import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '../../src/api/client.js';
import { Daemon } from '../../src/api/daemon.js';
import { createLog } from '../../src/api/log.js';
import { SimulatedHost } from '../../src/enforce/index.js';
import { FACTS } from '../cli/facts.js';
import { FakeProc } from '../rps/support/fake-proc.js';
import { PLANS_AT_ONCE } from './plans-at-once.js';

const POLICY = 'vm a { match name "a" and user "*" vcpus 1 }\nreserve a 20ms every 100ms\n';
/** Of /proc/stat. */
const TICKS_PER_SECOND = 100;
const WRITE_EVERY_MS = 10;
/** Of the facts. */
const CORES = 2;

/**
 * A real daemon on a socket of its own, whose sensors read files that say how busy its host is: each daemon of a test has a host and a
 * load of its own.
 */
export class LoadedDaemon {
  /** Percent of the host, around which it varies. */
  loadPercent: number;
  readonly socket: string;
  readonly client: Client;
  readonly #directory = mkdtempSync(join(tmpdir(), 'vmc-loaded-'));
  readonly #proc = new FakeProc();
  readonly #daemon: Daemon;
  #writer: NodeJS.Timeout | null = null;
  #idleTicks = 0;
  #beforeMs = 0;

  /** It samples ten times a second unless told otherwise. */
  constructor(loadPercent: number, sampleIntervalNs = 100e6) {
    this.loadPercent = loadPercent;
    this.socket = join(this.#directory, 'vmcd.sock');
    this.client = connect({ socket: this.socket });
    const file = join(this.#directory, 'policy.vmc');
    writeFileSync(file, POLICY);
    this.#daemon = new Daemon({
      file,
      socket: this.socket,
      plans: PLANS_AT_ONCE,
      host: new SimulatedHost({ facts: FACTS }),
      log: createLog({ write: () => {} }),
      procRoot: this.#proc.root,
      sampleIntervalNs,
    });
  }

  async start(): Promise<void> {
    this.#beforeMs = performance.now();
    this.#write();
    this.#writer = setInterval(() => this.#write(), WRITE_EVERY_MS);
    await this.#daemon.start();
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.#daemon.stop();
    if (this.#writer) clearInterval(this.#writer);
    this.#proc.dispose();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #write(): void {
    const nowMs = performance.now();
    const swing = 3 * Math.sin(nowMs / 700) + 2 * Math.sin(nowMs / 130);
    const idle = 1 - Math.min(100, Math.max(0, this.loadPercent + swing)) / 100;
    this.#idleTicks += ((nowMs - this.#beforeMs) / 1000) * TICKS_PER_SECOND * CORES * idle;
    this.#beforeMs = nowMs;
    this.#proc.processors(CORES, Math.round(this.#idleTicks));
  }
}
